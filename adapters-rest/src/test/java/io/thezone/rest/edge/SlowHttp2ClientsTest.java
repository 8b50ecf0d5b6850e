package io.thezone.rest.edge;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thezone.rest.testing.Eventually;
import io.thezone.rest.testing.Http2Connection;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.http2.HTTP2Connection;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Single bytes keep no request over HTTP/2 open for more than half a minute; each check stands for a second. */
class SlowHttp2ClientsTest {
    private static final int SECONDS = 32;
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final byte[] ANSWER = new byte[10_000];

    private final Server server = new Server();
    private final ServerConnector port = new ServerConnector(
            server, new HttpConnectionFactory(), new HTTP2CServerConnectionFactory(new HttpConfiguration()));
    private final SlowClients slowClients = new SlowClients(server);

    private CompletionStage<Void> decided = CompletableFuture.completedFuture(null);

    @BeforeEach
    void start() throws Exception {
        EagerBody body = new EagerBody(request -> true);
        body.setHandler(new Handler.Abstract() {
            @Override
            public boolean handle(Request request, Response response, Callback callback) {
                decided.thenRun(() -> response.write(true, ByteBuffer.wrap(ANSWER), callback));
                return true;
            }
        });
        server.addConnector(port);
        server.setHandler(body);
        server.setErrorHandler(new ProblemErrorHandler());
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    @Test
    void aBodyThatArrivesByteByByteIsATimeOut() throws Exception {
        try (Http2Connection connection = new Http2Connection(port.getLocalPort())) {
            int stream = connection.open("POST", "/");
            for (int second = 0; second < SECONDS; second++) {
                connection.data(stream, Http2Connection.NOTHING, " ");
                awaitRequest();
                slowClients.checkAll();
            }

            assertEquals(408, connection.answer(stream).status());
            assertEquals(200, connection.answer(connection.request("GET", "/")).status());
        }
    }

    @Test
    void anAnswerThatIsTakenByteByByteIsCutOff() throws Exception {
        try (Http2Connection connection = new Http2Connection(port.getLocalPort(), 100)) {
            int stream = connection.request("GET", "/");
            connection.next(Http2Connection.DATA);
            for (int second = 0; second < SECONDS; second++) {
                connection.frame(
                        Http2Connection.WINDOW_UPDATE,
                        Http2Connection.NOTHING,
                        stream,
                        (byte) 0,
                        (byte) 0,
                        (byte) 0,
                        (byte) 1);
                connection.flush();
                slowClients.checkAll();
            }

            assertEquals(
                    Optional.of(Http2Connection.CANCEL),
                    connection.answer(stream).error());
        }
    }

    @Test
    void aConnectionThatTakesNothingIsClosed() throws Exception {
        port.setAcceptedSendBufferSize(2048);
        try (Http2Connection connection = Http2Connection.narrow(port.getLocalPort())) {
            for (int i = 0; i < 6; i++) {
                connection.request("GET", "/");
            }
            Eventually.within(
                    PATIENCE,
                    () -> port.getConnectedEndPoints().stream()
                            .anyMatch(it -> it instanceof AbstractEndPoint socket
                                    && socket.getWriteFlusher().isPending()),
                    () -> "no answer is held back");
            for (int second = 0; second < SECONDS; second++) {
                slowClients.checkAll();
            }

            Eventually.within(PATIENCE, () -> port.getConnectedEndPoints().isEmpty(), () -> port.getConnectedEndPoints()
                    .toString());
        }
    }

    @Test
    void aRequestThatWaitsForItsDecisionIsLeftAlone() throws Exception {
        CompletableFuture<Void> decision = new CompletableFuture<>();
        decided = decision;
        try (Http2Connection connection = new Http2Connection(port.getLocalPort())) {
            int stream = connection.request("GET", "/");
            awaitRequest();
            for (int second = 0; second < SECONDS; second++) {
                slowClients.checkAll();
            }
            decision.complete(null);

            assertEquals(200, connection.answer(stream).status());
        }
    }

    private void awaitRequest() throws Exception {
        Eventually.within(
                PATIENCE,
                () -> port.getConnectedEndPoints().stream()
                        .map(EndPoint::getConnection)
                        .anyMatch(it -> it instanceof HTTP2Connection && it.getMessagesIn() > 0),
                () -> "no request has arrived");
    }
}
