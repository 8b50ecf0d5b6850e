package io.thezone.bootstrap.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.bootstrap.support.DatabaseServer;
import io.thezone.bootstrap.support.ServiceClient;
import io.thezone.bootstrap.support.ServiceProcess;
import io.thezone.rest.testing.Eventually;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The database of a running service becomes unavailable, and recovers. */
class StoreOutageIT {
    private static final Duration ANSWER_TIME = Duration.ofSeconds(2);
    private static final Duration RETURN_TIME = Duration.ofSeconds(5);
    private static final Duration NOTICE_TIME = Duration.ofSeconds(10);
    private static final Duration WAITING_TIME = Duration.ofSeconds(4);

    private static DatabaseServer database;
    private static ServiceProcess service;
    private static ServiceClient client;

    private final String session = "session-" + UUID.randomUUID();

    /** The ways in which a database can be unavailable. */
    private enum Outage {
        CONNECTIONS_ARE_REFUSED {
            @Override
            void begin() throws IOException {
                database.stop();
            }

            @Override
            void end() throws IOException {
                database.startAgain();
            }
        },
        NOTHING_IS_ANSWERED {
            @Override
            void begin() throws IOException, InterruptedException {
                database.freeze();
            }

            @Override
            void end() throws IOException, InterruptedException {
                database.thaw();
            }
        },
        NOTHING_IS_SAVED {
            @Override
            void begin() throws Exception {
                database.makeReadOnly();
                awaitFailure();
            }

            @Override
            void end() throws SQLException {
                database.makeWritable();
            }
        },
        COMMITS_WAIT {
            @Override
            void begin() throws Exception {
                database.loseTheStandby();
                awaitFailure();
            }

            @Override
            void end() throws SQLException {
                database.findTheStandby();
            }
        };

        abstract void begin() throws Exception;

        abstract void end() throws Exception;
    }

    private record Request(String method, String path, boolean acquires) {
        static Stream<Request> all() {
            return Stream.of(
                    new Request("GET", "/watch", true),
                    new Request("POST", "/streams", true),
                    new Request("PUT", "/streams/put", true),
                    new Request("POST", "/streams/held/heartbeat", false),
                    new Request("DELETE", "/streams/held", false),
                    new Request("GET", "/streams", false));
        }
    }

    private record Answered(Request request, HttpResponse<String> answer, Duration after) {}

    @BeforeAll
    static void start(@TempDir Path cluster) throws Exception {
        database = new DatabaseServer(cluster);
        service = ServiceProcess.start(database.environment());
        client = service.client();
    }

    @AfterAll
    static void stop() throws IOException {
        service.close();
        database.close();
    }

    @BeforeEach
    void everythingWorks() throws Exception {
        Eventually.within(NOTICE_TIME, client::isUp, service::log);
        assertEquals(200, client.watch(session, "held").statusCode(), service::log);
    }

    @ParameterizedTest
    @EnumSource(
            mode = EnumSource.Mode.EXCLUDE,
            names = {"NOTHING_IS_SAVED", "COMMITS_WAIT"})
    void everyRequestIsAnsweredInTimeWhileTheStoreIsUnavailable(Outage outage) throws Exception {
        try {
            outage.begin();
            for (int i = 0; i < 3; i++) {
                List<CompletableFuture<Answered>> answers =
                        Request.all().map(this::ask).toList();
                for (CompletableFuture<Answered> each : answers) {
                    Answered answered = each.join();
                    Request request = answered.request();
                    HttpResponse<String> answer = answered.answer();
                    assertEquals(503, answer.statusCode(), request::toString);
                    assertEquals("1", ServiceClient.header(answer, "Retry-After"));
                    assertEquals(
                            request.acquires(), answer.headers().map().containsKey("stream-id"), request::toString);
                    assertTrue(answered.after().compareTo(ANSWER_TIME) < 0, answered::toString);
                }
            }
        } finally {
            outage.end();
        }
    }

    @ParameterizedTest
    @EnumSource
    void healthIsDownDuringAnOutageAndUpAfterIt(Outage outage) throws Exception {
        try {
            outage.begin();
            Eventually.within(NOTICE_TIME, () -> !client.isUp(), service::log);
            assertEquals("{\"status\":\"DOWN\"}", client.send("GET", "/health").body());
        } finally {
            outage.end();
        }
        Eventually.within(RETURN_TIME, client::isUp, service::log);
    }

    @ParameterizedTest
    @EnumSource
    void noRequestIsHalfDoneAfterAnOutage(Outage outage) throws Exception {
        List<String> unsure = new ArrayList<>();
        try {
            outage.begin();
            for (int i = 0; i < 2; i++) {
                HttpResponse<String> answer = client.watch(session);
                assertEquals(503, answer.statusCode(), answer::body);
                unsure.add(ServiceClient.header(answer, "Stream-Id"));
            }
        } finally {
            outage.end();
        }

        Eventually.within(
                RETURN_TIME, () -> client.watch(session, unsure.get(0)).statusCode() == 200, service::log);

        for (int i = 0; i < 2; i++) {
            for (String stream : unsure) {
                assertEquals(200, client.watch(session, stream).statusCode(), service::log);
            }
        }
        assertEquals(Set.of("held", unsure.get(0), unsure.get(1)), client.streams(session));
        assertEquals(401, client.watch(session).statusCode());
        assertFalse(service.log().contains(session));
    }

    @Test
    void aLostStandbyLeavesFewBackendsWaitingUnderAnyLoad() throws Exception {
        try {
            Outage.COMMITS_WAIT.begin();
            int failedFast = 0;
            for (long began = System.nanoTime(); System.nanoTime() - began < WAITING_TIME.toNanos(); ) {
                HttpResponse<String> answer = client.watch("session-" + UUID.randomUUID());
                assertEquals(503, answer.statusCode(), answer::body);
                assertEquals("1", ServiceClient.header(answer, "Retry-After"));
                failedFast += answer.body().contains("Nothing was changed") ? 1 : 0;
            }
            assertTrue(failedFast > 10, () -> "a request waits for what is known to fail");
            long waiting = database.number("SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'SyncRep'");
            assertTrue(
                    waiting >= 1 && waiting <= 2,
                    () -> waiting + " backends wait: a writer and the health check leave two");
            assertEquals(
                    200, client.send("GET", "/streams", "Session-Id", session).statusCode());
        } finally {
            database.findTheStandby();
        }
        Eventually.within(RETURN_TIME, () -> client.watch(session).statusCode() == 200, service::log);
        Eventually.within(RETURN_TIME, client::isUp, service::log);
    }

    @Test
    void aFullDiskIsDetectedAlthoughOldSessionsCanBeSavedInPlace() throws Exception {
        Assumptions.assumeTrue(DatabaseServer.canFillTheDisk(), "skipped: there is no program prlimit (of util-linux)");
        try {
            database.fillTheDisk();
            Eventually.within(
                    NOTICE_TIME,
                    () -> {
                        client.watch("session-" + UUID.randomUUID());
                        return !client.isUp();
                    },
                    service::log);
            HttpResponse<String> refused = awaitFailure();
            assertTrue(refused.body().contains("Nothing was changed"), refused::body);
            assertEquals(
                    204,
                    client.send("DELETE", "/streams/held", "Session-Id", session)
                            .statusCode());
        } finally {
            database.makeRoom();
        }
        Eventually.within(RETURN_TIME, client::isUp, service::log);
        assertEquals(200, client.watch("session-" + UUID.randomUUID()).statusCode());
    }

    @Test
    void theLogReportsAnOutageAndItsEndOnceEach() throws Exception {
        long failed = logged("saving to the store fails");
        long worked = logged("saving to the store works again");
        try {
            database.makeReadOnly();
            Eventually.within(NOTICE_TIME, () -> client.watch(session).statusCode() == 503, service::log);
            for (int i = 0; i < 5; i++) {
                assertEquals(503, client.watch(session).statusCode());
            }
        } finally {
            database.makeWritable();
        }
        Eventually.within(RETURN_TIME, () -> client.watch(session).statusCode() == 200, service::log);
        Eventually.within(NOTICE_TIME, () -> logged("saving to the store works again") == worked + 1, service::log);
        assertEquals(failed + 1, logged("saving to the store fails"), service::log);
    }

    /** Waits until a new session fails, because the database applies a setting with a delay. */
    private static HttpResponse<String> awaitFailure() throws Exception {
        List<HttpResponse<String>> failures = new ArrayList<>();
        Eventually.within(
                NOTICE_TIME,
                () -> {
                    HttpResponse<String> answer = client.watch("session-" + UUID.randomUUID());
                    return answer.statusCode() == 503 && failures.add(answer);
                },
                service::log);
        return failures.get(0);
    }

    private static long logged(String words) {
        return service.log().lines().filter(line -> line.contains(words)).count();
    }

    private CompletableFuture<Answered> ask(Request request) {
        long start = System.nanoTime();
        return client.sendAsync(request.method(), request.path(), "Session-Id", session)
                .thenApply(answer -> new Answered(request, answer, Duration.ofNanos(System.nanoTime() - start)));
    }
}
