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
import io.grpc.netty.NettyChannelBuilder;
import io.thezone.bootstrap.StreamServiceApplication;
import io.thezone.bootstrap.support.RunningService;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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
        int port = freePort();
        service = RunningService.start(
                        StreamServiceApplication.class,
                        ConfigOverride.config("store.type", "memory"),
                        ConfigOverride.config("cache.type", "none"),
                        ConfigOverride.config("grpc.enabled", "true"),
                        ConfigOverride.config("grpc.port", Integer.toString(port)))
                .up();
        channel =
                NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
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

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
