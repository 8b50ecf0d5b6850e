package io.thezone.bootstrap.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import io.dropwizard.testing.ConfigOverride;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext.HttpRequest;
import io.envoyproxy.envoy.service.auth.v3.AuthorizationGrpc;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.thezone.bootstrap.StreamServiceApplication;
import io.thezone.bootstrap.support.RunningService;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The port for Envoy, beside the others. */
class GrpcPortTest {
    private static RunningService service;
    private static ManagedChannel channel;

    private final String session = "session-" + UUID.randomUUID();

    @BeforeAll
    static void start() throws Exception {
        service = RunningService.start(
                        StreamServiceApplication.class,
                        ConfigOverride.config("store.type", "memory"),
                        ConfigOverride.config("cache.type", "none"),
                        ConfigOverride.config("grpc.enabled", "true"),
                        ConfigOverride.config("grpc.connector.port", "0"),
                        ConfigOverride.config("connections.grpc", "4"))
                .up();
        channel = NettyChannelBuilder.forAddress("127.0.0.1", port().getLocalPort())
                .usePlaintext()
                .build();
    }

    @AfterAll
    static void stop() {
        channel.shutdownNow();
        service.close();
    }

    @Test
    void aSessionHasOneQuotaWhateverProtocolAsks() throws Exception {
        assertTrue(ask("one").hasOkResponse());
        assertTrue(ask("two").hasOkResponse());
        assertEquals(200, authorize("three").statusCode());

        assertEquals(403, ask("four").getDeniedResponse().getStatus().getCodeValue());
        assertEquals(403, authorize("four").statusCode());
        assertTrue(ask("three").hasOkResponse());
    }

    @Test
    void whatIsNoCallIsRefusedWithAProblem() throws Exception {
        HttpResponse<String> answer = HttpClient.newHttpClient()
                .send(
                        java.net.http.HttpRequest.newBuilder(
                                        URI.create("http://127.0.0.1:" + port().getLocalPort() + "/"))
                                .build(),
                        BodyHandlers.ofString());

        assertEquals(405, answer.statusCode());
        assertEquals(
                "application/problem+json",
                answer.headers().firstValue("Content-Type").orElse(""));
    }

    @Test
    void oneConnectionMayHaveManyMoreCallsThanThereMayBeConnections() throws Exception {
        List<ListenableFuture<CheckResponse>> calls = Stream.generate(
                        () -> AuthorizationGrpc.newFutureStub(channel).check(question("one")))
                .limit(500)
                .toList();

        for (CheckResponse answer : Futures.allAsList(calls).get(30, TimeUnit.SECONDS)) {
            assertTrue(answer.hasOkResponse());
        }
    }

    private CheckResponse ask(String stream) {
        return AuthorizationGrpc.newBlockingStub(channel)
                .withDeadlineAfter(10, TimeUnit.SECONDS)
                .check(question(stream));
    }

    private CheckRequest question(String stream) {
        return CheckRequest.newBuilder()
                .setAttributes(AttributeContext.newBuilder()
                        .setRequest(AttributeContext.Request.newBuilder()
                                .setHttp(HttpRequest.newBuilder()
                                        .setMethod("GET")
                                        .setPath("/")
                                        .putHeaders("session-id", session)
                                        .putHeaders("stream-id", stream))))
                .build();
    }

    private HttpResponse<String> authorize(String stream) throws Exception {
        return service.get("/authorize", "Session-Id", session, "Stream-Id", stream);
    }

    private static ServerConnector port() {
        List<Server> others = service.environment().lifecycle().getManagedObjects().stream()
                .filter(Server.class::isInstance)
                .map(Server.class::cast)
                .toList();
        return (ServerConnector) others.get(0).getConnectors()[0];
    }
}
