package io.thezone.grpc;

import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc;
import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc.AuthorizationBlockingStub;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.MetadataUtils;
import io.thezone.application.SessionStore;
import io.thezone.domain.Attributes;
import io.thezone.domain.Lease;
import io.thezone.domain.QuotaPlans;
import io.thezone.domain.StreamQuota;
import io.thezone.gateway.AuthorizationRules;
import io.thezone.gateway.DerivedStreamIds;
import io.thezone.gateway.Gate;
import io.thezone.gateway.HeaderNames;
import io.thezone.gateway.IdentityRules;
import io.thezone.gateway.PlanHeaders;
import io.thezone.gateway.Reason;
import io.thezone.gateway.RefusalLog;
import io.thezone.gateway.Source;
import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/** The answers over gRPC alone, over a store of the test, and a client of them. */
final class GrpcService implements Closeable {
    static final int CONNECTIONS = 5;

    private static final AuthorizationRules RULES = new AuthorizationRules(
            new IdentityRules(
                    "Viewer-Method",
                    "Viewer-Uri",
                    List.of(IdentityRules.pattern("^/play/(?P<player>[^/]+)/")),
                    List.of(header("Session-Id"), new Source(Source.Kind.COOKIE, "sid")),
                    List.of(
                            new Source(Source.Kind.GROUP, "player"),
                            new Source(Source.Kind.QUERY, "player"),
                            header("Stream-Id")),
                    Map.of(Attributes.DEVICE_ID, List.of(header("Device-Id"))),
                    false,
                    Duration.ofSeconds(60)),
            Arrays.stream(Reason.values()).collect(Collectors.toMap(it -> it, GrpcService::status)),
            Duration.ZERO);

    private final GrpcServer server;
    private final ManagedChannel channel;

    GrpcService(SessionStore store) throws Exception {
        this(store, Gate.OPEN);
    }

    GrpcService(SessionStore store, Gate gate) throws Exception {
        QuotaPlans plans = QuotaPlans.of(List.of(new StreamQuota("standard", 3)), "standard", false);
        server = GrpcApi.server(
                new InetSocketAddress(InetAddress.getLoopbackAddress(), 0),
                CONNECTIONS,
                store,
                new GrpcApi.Configuration(
                        new HeaderNames(
                                "Session-Id",
                                "Stream-Id",
                                "Stream-Expires",
                                "Stream-Heartbeat",
                                "Stream-Decision",
                                "Stream-Reason",
                                "Stream-Rule",
                                "Idempotency-Key"),
                        new PlanHeaders("Stream-Plan", Optional.empty(), () -> plans),
                        new DerivedStreamIds("secret"),
                        new Lease(Duration.ofSeconds(90), Duration.ofSeconds(30)),
                        new RefusalLog(100, Duration.ofMinutes(15)),
                        gate,
                        RULES));
        server.start();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", port())
                .usePlaintext()
                .build();
    }

    private static Source header(String name) {
        return new Source(Source.Kind.HEADER, name);
    }

    private static int status(Reason reason) {
        return switch (reason) {
            case NO_SESSION, UNUSABLE_SESSION -> 401;
            case NO_DECISION -> 503;
            default -> 403;
        };
    }

    int port() {
        return server.port();
    }

    CheckResponse ask(CheckRequest question) {
        return within(10, TimeUnit.SECONDS).check(question);
    }

    AuthorizationBlockingStub within(long time, TimeUnit unit) {
        return AuthorizationGrpc.newBlockingStub(channel).withDeadlineAfter(time, unit);
    }

    /** A client that sends a header with each call. */
    AuthorizationBlockingStub with(String name, String value) {
        Metadata metadata = new Metadata();
        metadata.put(Metadata.Key.of(name, Metadata.ASCII_STRING_MARSHALLER), value);
        return within(10, TimeUnit.SECONDS).withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
    }

    @Override
    public void close() throws IOException {
        channel.shutdownNow();
        try {
            server.stop(Duration.ofSeconds(5));
        } catch (InterruptedException e) {
            throw new InterruptedIOException(e.getMessage());
        }
    }
}
