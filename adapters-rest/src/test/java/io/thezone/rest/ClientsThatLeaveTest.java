package io.thezone.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.google.common.base.Splitter;
import com.google.common.collect.Iterables;
import io.thezone.application.OverloadedException;
import io.thezone.application.SessionStore;
import io.thezone.application.SessionTransition;
import io.thezone.domain.SessionId;
import io.thezone.rest.testing.Eventually;
import io.thezone.rest.testing.RawConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
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
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/** A client that disconnects, in any way, leaves no open connection and no line in the log. */
class ClientsThatLeaveTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    /** Requests to the application port that need the store; q=0.9 makes them bypass the fast path. */
    private static final List<String> ASKING_THE_STORE = List.of(
            "GET /watch */*",
            "GET /watch */*;q=0.9",
            "GET /streams */*",
            "POST /streams */*",
            "PUT /streams/one */*",
            "DELETE /streams/one */*",
            "POST /streams/one/heartbeat */*",
            "POST /streams/one/heartbeat */*;q=0.9");

    private static final List<String> OTHERS =
            List.of("GET /openapi.yaml */*", "GET /health */*", "GET /nothing */*", "POST /watch */*");
    private static final List<String> OF_THE_ADMIN_PORT =
            List.of("GET /metrics */*", "GET /threads */*", "GET /healthcheck */*", "GET /decisions/a */*");

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

    private enum Way {
        RESET {
            @Override
            void leave(RawConnection connection) throws IOException {
                connection.reset();
            }
        },
        CLOSE {
            @Override
            void leave(RawConnection connection) throws IOException {
                connection.close();
            }
        },
        HALF_CLOSE_AND_RESET {
            @Override
            void leave(RawConnection connection) throws IOException {
                connection.cutShort().reset();
            }
        };

        abstract void leave(RawConnection connection) throws IOException;
    }

    @BeforeAll
    static void start() throws Exception {
        service = RestService.over(new HesitatingStore());
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
    void theLogIsEmpty() {
        rootLogger().detachAppender(log);
        assertEquals(List.of(), log.list);
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void beforeTheStoreAnswers(Way way) throws Exception {
        List<RawConnection> connections = new ArrayList<>();
        for (String request : ASKING_THE_STORE) {
            connections.add(open(service.port(), request));
        }
        Eventually.within(PATIENCE, () -> ASKED.size() == ASKING_THE_STORE.size(), () -> ASKED.size() + " asked");

        for (RawConnection connection : connections) {
            way.leave(connection);
        }
        theStoreAnswers();

        assertNothingIsLeft();
    }

    @ParameterizedTest
    @EnumSource(Way.class)
    void inTheMiddleOfManyAnswers(Way way) throws Exception {
        for (String request : Iterables.concat(ASKING_THE_STORE, OTHERS)) {
            way.leave(pipelined(service.port(), request));
        }
        for (String request : OF_THE_ADMIN_PORT) {
            way.leave(pipelined(service.adminPort(), request));
        }

        assertNothingIsLeft();
    }

    @Test
    void whileItReadsNoneOfItsAnswers() throws Exception {
        List<RawConnection> connections = new ArrayList<>();
        for (String request : List.of("GET /openapi.yaml", "GET /streams")) {
            connections.add(narrow(service.port(), request));
        }
        connections.add(narrow(service.adminPort(), "GET /threads"));
        for (RawConnection connection : connections) {
            connection.reset();
        }

        assertNothingIsLeft();
    }

    @Test
    void aClientThatOnlyStopsSendingStillGetsItsAnswer() throws Exception {
        for (String request : ASKING_THE_STORE) {
            try (RawConnection connection = open(service.port(), request).cutShort()) {
                Eventually.within(PATIENCE, () -> !ASKED.isEmpty(), () -> request + " does not ask the store");
                theStoreAnswers();

                assertEquals(503, connection.answer().statusCode(), request);
            }
        }
        assertNothingIsLeft();
    }

    private static RawConnection open(int port, String request) throws IOException {
        List<String> parts = Splitter.on(' ').splitToList(request);
        return new RawConnection(port, parts.get(0), parts.get(1), "Session-Id", "session", "Accept", parts.get(2));
    }

    private static RawConnection pipelined(int port, String request) throws IOException {
        RawConnection connection = open(port, request);
        List<String> parts = Splitter.on(' ').splitToList(request);
        for (int i = 0; i < 100; i++) {
            connection.next(parts.get(0), parts.get(1), "Session-Id", "session", "Accept", parts.get(2));
        }
        return connection;
    }

    private static RawConnection narrow(int port, String request) throws IOException {
        List<String> parts = Splitter.on(' ').splitToList(request);
        RawConnection connection = RawConnection.narrow(port, parts.get(0), parts.get(1));
        for (int i = 0; i < 100; i++) {
            connection.next(parts.get(0), parts.get(1));
        }
        return connection;
    }

    private static void theStoreAnswers() {
        for (CompletableFuture<?> asked = ASKED.poll(); asked != null; asked = ASKED.poll()) {
            asked.completeExceptionally(new OverloadedException("too much is asked for"));
        }
    }

    private void assertNothingIsLeft() throws Exception {
        Eventually.within(
                PATIENCE,
                () -> {
                    theStoreAnswers();
                    return others.containsAll(service.connections());
                },
                () -> service.connections().toString());
    }

    private static Logger rootLogger() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }
}
