package io.thezone.bootstrap.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dropwizard.testing.ConfigOverride;
import io.thezone.bootstrap.StreamServiceApplication;
import io.thezone.bootstrap.support.RunningService;
import io.thezone.rest.testing.Eventually;
import io.thezone.rest.testing.Http2Connection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.eclipse.jetty.io.EndPoint;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Over HTTP/2 the requests in progress are limited like the connections, and idle connections do not block others. */
class RequestLimitTest {
    private static final int LIMIT = 10;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static RunningService service;

    @BeforeAll
    static void start() throws Exception {
        service = RunningService.start(
                        StreamServiceApplication.class,
                        ConfigOverride.config("store.type", "memory"),
                        ConfigOverride.config("cache.type", "none"),
                        ConfigOverride.config("server.applicationConnectors[0].type", "h2c"),
                        ConfigOverride.config("connections.application", Integer.toString(LIMIT)))
                .up();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /** Those of an earlier test may end a moment later. */
    @BeforeEach
    void noRequestIsInProgress() throws Exception {
        Eventually.within(PATIENCE, () -> requestsInProgress() == 0, () -> requestsInProgress() + " requests");
    }

    private static long requestsInProgress() {
        return service.connections().stream()
                .map(EndPoint::getConnection)
                .mapToLong(it -> it.getMessagesIn() - it.getMessagesOut())
                .sum();
    }

    @Test
    void oneConnectionCannotHaveAllTheMemory() throws Exception {
        try (Http2Connection greedy = new Http2Connection(service.port());
                Http2Connection another = new Http2Connection(service.port())) {
            List<Integer> bodies = new ArrayList<>();
            for (int i = 0; i < 3 * LIMIT; i++) {
                bodies.add(startBody(greedy));
            }

            for (int refused : bodies.subList(LIMIT, bodies.size())) {
                assertEquals(
                        Optional.of(Http2Connection.REFUSED_STREAM),
                        greedy.answer(refused).error());
            }
            assertEquals(200, status(another, "/health"));
            assertEquals(200, service.get("/health").statusCode());

            for (int admitted : bodies.subList(0, LIMIT)) {
                assertEquals(201, endBody(greedy, admitted));
            }
            Eventually.within(PATIENCE, () -> hasRoomForTwo(greedy), () -> "the connection has no room any more");
        }
    }

    private static boolean hasRoomForTwo(Http2Connection connection) throws IOException {
        int first = startBody(connection);
        int second = startBody(connection);
        return endBody(connection, first) == 201 && endBody(connection, second) == 201;
    }

    private static int startBody(Http2Connection connection) throws IOException {
        return connection.open(
                "POST", "/streams", "session-id", UUID.randomUUID().toString(), "content-type", "application/json");
    }

    /** @return the status; 0 if the request was refused */
    private static int endBody(Http2Connection connection, int stream) throws IOException {
        connection.data(stream, Http2Connection.END_STREAM, "{}");
        return connection.answer(stream).status();
    }

    @Test
    void belowTheLimitNoneIsRefused() {
        List<CompletableFuture<Void>> gateways = Stream.generate(() -> CompletableFuture.runAsync(this::ask500Times))
                .limit(LIMIT / 3)
                .toList();

        gateways.forEach(CompletableFuture::join);
    }

    private void ask500Times() {
        try (Http2Connection gateway = new Http2Connection(service.port())) {
            for (int i = 0; i < 500; i++) {
                assertEquals(200, status(gateway, "/authorize?" + i, "session-id", "asks", "stream-id", "one"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void aGatewayMayResetTheRequestsOfViewersThatLeave() throws Exception {
        try (Http2Connection gateway = new Http2Connection(service.port())) {
            for (int i = 0; i < 300; i++) {
                gateway.reset(gateway.request("GET", "/watch", "session-id", "leaves", "stream-id", "one"));
            }

            assertEquals(200, status(gateway, "/health"));
        }
    }

    @Test
    void aFloodOfResetsEndsItsConnectionAndTakesNoMoreSlotsThanItAskedFor() throws Exception {
        try (Http2Connection flood = new Http2Connection(service.port())) {
            for (int i = 0; i < 2_000; i++) {
                int stream = flood.nextStream();
                flood.frame(
                        Http2Connection.HEADERS,
                        Http2Connection.END_STREAM | Http2Connection.END_HEADERS,
                        stream,
                        Http2Connection.head("GET", "/watch", "session-id", "floods", "stream-id", "id-" + i % 2));
                flood.frame(Http2Connection.RST_STREAM, Http2Connection.NOTHING, stream, new byte[4]);
            }
            flood.flush();
            flood.awaitEnd();
        }

        assertEquals(200, service.get("/health").statusCode());
        assertTrue(service.get("/streams", "Session-Id", "floods").body().matches("\\{\"active\":[0-2],.*"));
    }

    @Test
    void idleConnectionsAreReplacedByNewOnes() throws Exception {
        List<Http2Connection> opened = new ArrayList<>();
        try {
            for (int i = 0; i < LIMIT + 5; i++) {
                Eventually.within(
                        PATIENCE,
                        () -> {
                            Http2Connection client = new Http2Connection(service.port());
                            opened.add(client);
                            return isAnswered(client);
                        },
                        () -> "one more is not answered");
            }
        } finally {
            for (Http2Connection each : opened) {
                each.close();
            }
        }
    }

    private static boolean isAnswered(Http2Connection client) {
        try {
            return status(client, "/health") == 200;
        } catch (IOException closed) {
            return false;
        }
    }

    private static int status(Http2Connection client, String path, String... headers) throws IOException {
        return client.answer(client.request("GET", path, headers)).status();
    }
}
