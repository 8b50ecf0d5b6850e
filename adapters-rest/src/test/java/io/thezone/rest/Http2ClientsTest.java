package io.thezone.rest;

import static io.thezone.rest.testing.Http2Connection.CONTINUATION;
import static io.thezone.rest.testing.Http2Connection.DATA;
import static io.thezone.rest.testing.Http2Connection.END_HEADERS;
import static io.thezone.rest.testing.Http2Connection.END_STREAM;
import static io.thezone.rest.testing.Http2Connection.HEADERS;
import static io.thezone.rest.testing.Http2Connection.NOTHING;
import static io.thezone.rest.testing.Http2Connection.PING;
import static io.thezone.rest.testing.Http2Connection.PRIORITY;
import static io.thezone.rest.testing.Http2Connection.RST_STREAM;
import static io.thezone.rest.testing.Http2Connection.SETTINGS;
import static io.thezone.rest.testing.Http2Connection.head;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.dropwizard.testing.ConfigOverride;
import io.thezone.application.OverloadedException;
import io.thezone.application.SessionStore;
import io.thezone.application.SessionTransition;
import io.thezone.domain.SessionId;
import io.thezone.rest.testing.Eventually;
import io.thezone.rest.testing.Http2Connection;
import io.thezone.rest.testing.RawConnection;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.eclipse.jetty.io.EndPoint;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** HTTP/2 clients that leave, reset or flood disturb no other, and leave neither a connection nor a line in the log. */
class Http2ClientsTest {
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    /** More than any limit of a connection. */
    private static final int MANY = 2_000;

    private static final List<String> ASKING_THE_STORE =
            List.of("GET /watch", "GET /authorize/a/p/b", "GET /streams", "POST /streams", "DELETE /streams/one");

    /** Requests to the store that it has not answered yet. */
    private static final Queue<CompletableFuture<?>> ASKED = new ConcurrentLinkedQueue<>();

    private static RestService service;

    private final ListAppender<ILoggingEvent> log = new ListAppender<>();
    private List<EndPoint> others;

    private static final class HesitatingStore implements SessionStore {
        @Override
        public <R> CompletionStage<R> update(SessionId id, SessionTransition<R> transition) {
            CompletableFuture<R> answer = new CompletableFuture<>();
            ASKED.add(answer);
            return answer;
        }
    }

    /** Frames that cost the sender nothing, and for which Jetty counts 128 a second. */
    private enum Flood {
        RAPID_RESETS {
            @Override
            void send(Http2Connection connection) {
                int stream = connection.nextStream();
                connection.frame(HEADERS, END_STREAM | END_HEADERS, stream, head("GET", "/watch", "session-id", "a"));
                connection.frame(RST_STREAM, NOTHING, stream, (byte) 0, (byte) 0, (byte) 0, (byte) 8);
            }
        },
        RESETS_THAT_THE_SERVICE_MUST_SEND {
            @Override
            void send(Http2Connection connection) {
                int stream = connection.nextStream();
                connection.frame(HEADERS, END_HEADERS, stream, head("POST", "/streams", "session-id", "a"));
                connection.frame(Http2Connection.WINDOW_UPDATE, NOTHING, stream, new byte[4]);
            }
        },
        PINGS {
            @Override
            void send(Http2Connection connection) {
                connection.frame(PING, NOTHING, 0, new byte[8]);
            }
        },
        SETTINGS_THAT_SET_NOTHING {
            @Override
            void send(Http2Connection connection) {
                connection.frame(SETTINGS, NOTHING, 0);
            }
        },
        PRIORITIES {
            @Override
            void send(Http2Connection connection) {
                connection.frame(PRIORITY, NOTHING, 1, new byte[5]);
            }
        },
        EMPTY_DATA {
            @Override
            void begin(Http2Connection connection) throws IOException {
                connection.open("POST", "/streams", "session-id", "a");
            }

            @Override
            void send(Http2Connection connection) {
                connection.frame(DATA, NOTHING, 1);
            }
        },
        CONTINUATIONS {
            @Override
            void begin(Http2Connection connection) {
                connection.frame(HEADERS, NOTHING, connection.nextStream(), head("GET", "/watch"));
            }

            @Override
            void send(Http2Connection connection) {
                connection.frame(CONTINUATION, NOTHING, 1, (byte) 0, (byte) 1, (byte) 'a', (byte) 1, (byte) 'b');
            }
        },
        EMPTY_CONTINUATIONS {
            @Override
            void begin(Http2Connection connection) {
                connection.frame(HEADERS, NOTHING, connection.nextStream(), head("GET", "/watch"));
            }

            @Override
            void send(Http2Connection connection) {
                connection.frame(CONTINUATION, NOTHING, 1);
            }
        },
        UNKNOWN_FRAMES {
            @Override
            void send(Http2Connection connection) {
                connection.frame(99, NOTHING, 0);
            }
        };

        void begin(Http2Connection connection) throws IOException {}

        abstract void send(Http2Connection connection);
    }

    @BeforeAll
    static void start() throws Exception {
        service = RestService.over(
                new HesitatingStore(),
                ConfigOverride.config("server.applicationConnectors[0].type", "h2c"),
                // Requests that the store never answers are not waited for.
                ConfigOverride.config("server.shutdownGracePeriod", "0s"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @BeforeEach
    void readTheLog() {
        others = service.connections();
        log.start();
        rootLogger().addAppender(log);
    }

    @AfterEach
    void nothingIsLeft() throws Exception {
        try {
            Eventually.within(
                    PATIENCE,
                    () -> {
                        theStoreAnswers();
                        return others.containsAll(service.connections());
                    },
                    () -> service.connections().toString());
            assertEquals(List.of(), log.list);
        } finally {
            rootLogger().detachAppender(log);
        }
    }

    @ParameterizedTest
    @EnumSource(Flood.class)
    void aFloodEndsItsOwnConnection(Flood flood) throws Exception {
        try (Http2Connection connection = new Http2Connection(service.port())) {
            flood.begin(connection);
            for (int i = 0; i < MANY; i++) {
                flood.send(connection);
            }
            connection.flush();

            connection.awaitEnd();
            assertOthersAreAnswered();
        }
    }

    @Test
    void aResetBeforeTheAnswerEndsTheRequestAndNotTheConnection() throws Exception {
        try (Http2Connection connection = new Http2Connection(service.port())) {
            for (String request : ASKING_THE_STORE) {
                int stream = ask(connection, request);
                Eventually.within(PATIENCE, () -> !ASKED.isEmpty(), () -> request + " does not ask the store");
                connection.reset(stream);
                assertIsAnswered(connection);
                theStoreAnswers();
            }
            assertIsAnswered(connection);
            assertNoRequestIsInProgress();
        }
    }

    @Test
    void aResetBeforeTheBodyAsksNothing() throws Exception {
        try (Http2Connection connection = new Http2Connection(service.port())) {
            for (int i = 0; i < 50; i++) {
                connection.reset(connection.open("POST", "/streams", "session-id", "a"));
            }
            assertIsAnswered(connection);
            assertEquals(List.of(), List.copyOf(ASKED));
            assertNoRequestIsInProgress();
        }
    }

    @Test
    void aResetInTheMiddleOfAnAnswerEndsTheAnswer() throws Exception {
        try (Http2Connection connection = new Http2Connection(service.port(), 100)) {
            for (int i = 0; i < 50; i++) {
                int stream = connection.request("GET", "/openapi.yaml");
                assertEquals(100, connection.next(DATA).payload().remaining());
                connection.reset(stream);
            }
            assertIsAnswered(connection);
            assertNoRequestIsInProgress();
        }
    }

    @Test
    void aConnectionThatIsLostEndsAllItsRequests() throws Exception {
        List<Http2Connection> connections = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            Http2Connection connection = new Http2Connection(service.port(), 0);
            connections.add(connection);
            for (int j = 0; j < 20; j++) {
                for (String request : ASKING_THE_STORE) {
                    ask(connection, request);
                }
                connection.request("GET", "/openapi.yaml");
                connection.open("POST", "/streams", "session-id", "a");
            }
        }
        Eventually.within(PATIENCE, () -> ASKED.size() == 400, () -> ASKED.size() + " asked");

        connections.get(0).reset();
        connections.get(1).close();
        theStoreAnswers();
        connections.get(2).reset();
        connections.get(3).close();
        // nothingIsLeft looks at the rest.
    }

    @Test
    void aClientThatTakesNoAnswerDelaysNoOther() throws Exception {
        try (Http2Connection connection = new Http2Connection(service.port(), 0)) {
            for (int i = 0; i < 200; i++) {
                connection.request("GET", "/openapi.yaml");
            }

            for (int i = 0; i < 10; i++) {
                assertOthersAreAnswered();
            }
        }
    }

    @Test
    void moreRequestsThanAConnectionMayHaveAreRefused() throws Exception {
        try (Http2Connection connection = new Http2Connection(service.port())) {
            for (int i = 0; i < MANY; i++) {
                connection.frame(
                        HEADERS, END_HEADERS, connection.nextStream(), head("POST", "/streams", "session-id", "a"));
            }
            connection.flush();

            assertEquals(7, connection.next(RST_STREAM).error());
            assertTrue(requestsInProgress() <= 1_024, () -> requestsInProgress() + " requests");
            assertOthersAreAnswered();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "%%%", "AAMAAABkAAQAAP__AAQAAP__AAQAAP__x", "\u00ff"})
    void anUpgradeThatCannotBeReadIsRefusedSilently(String settings) throws Exception {
        try (RawConnection connection = new RawConnection(
                service.port(),
                "GET",
                "/nothing",
                "Connection",
                "Upgrade, HTTP2-Settings",
                "Upgrade",
                "h2c",
                "HTTP2-Settings",
                settings)) {
            HttpResponse<String> answer = connection.answer();

            assertEquals(settings.isEmpty() ? 101 : 400, answer.statusCode());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "CONNECT, /watch",
        "GET, ''",
        "GET, *",
        "OPTIONS, *",
        "PRI, *",
        "'', /watch",
        "GET, http://another/watch"
    })
    void anOddRequestIsRefusedSilently(String method, String path) throws Exception {
        try (Http2Connection connection = new Http2Connection(service.port())) {
            Http2Connection.Answer answer = connection.answer(connection.request(method, path));

            assertTrue(Set.of(400, 404, 405).contains(answer.status()), answer::toString);
            assertIsAnswered(connection);
        }
    }

    private static int ask(Http2Connection connection, String request) throws IOException {
        int space = request.indexOf(' ');
        return connection.request(
                request.substring(0, space), request.substring(space + 1), "session-id", "session", "device-id", "tv");
    }

    private static void assertIsAnswered(Http2Connection connection) throws IOException {
        assertEquals(
                200, connection.answer(connection.request("GET", "/health")).status());
    }

    private static void assertOthersAreAnswered() throws IOException {
        try (RawConnection another = new RawConnection(service.port(), "GET", "/nothing", "Connection", "close")) {
            assertEquals(404, another.answer().statusCode());
        }
    }

    private static void assertNoRequestIsInProgress() throws Exception {
        Eventually.within(PATIENCE, () -> requestsInProgress() == 0, () -> requestsInProgress() + " requests");
    }

    /** Of all connections over HTTP/2. */
    private static long requestsInProgress() {
        return service.connections().stream()
                .mapToLong(it ->
                        it.getConnection().getMessagesIn() - it.getConnection().getMessagesOut())
                .sum();
    }

    private static void theStoreAnswers() {
        for (CompletableFuture<?> asked = ASKED.poll(); asked != null; asked = ASKED.poll()) {
            asked.completeExceptionally(new OverloadedException("too much is asked for"));
        }
    }

    private static Logger rootLogger() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }
}
