package io.thezone.bootstrap.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.bootstrap.support.ServiceClient;
import io.thezone.bootstrap.support.ServiceProcess;
import io.thezone.rest.testing.Eventually;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Kills the service under load (kill -9), on the embedded store. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KillLoadIT {
    private static final int ROUNDS = 20;
    private static final int CLIENTS = 32;
    private static final int STREAMS_PER_SESSION = 3;
    private static final Duration ANSWER_TIME = Duration.ofSeconds(30);

    private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);

    @AfterEach
    void endClients() {
        clients.shutdownNow();
    }

    @Test
    void everyConfirmedStreamIsStillCountedAfterTheRestart(@TempDir Path directory) throws Exception {
        Map<String, String> environment = Map.of("DATA_DIR", directory.toString(), "STREAM_LEASE", "10m");
        int fewest = Integer.MAX_VALUE;
        int total = 0;
        Duration slowestStart = Duration.ZERO;
        ServiceProcess service = ServiceProcess.start(environment);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                Map<String, Set<String>> confirmed = loadUntilKilled(service);
                // As in a crash of the whole machine; in the other rounds PostgreSQL keeps running.
                if (round % 2 == 1) {
                    service.close();
                }
                long start = System.nanoTime();
                service = ServiceProcess.start(environment);
                Duration ready = Duration.ofNanos(System.nanoTime() - start);
                slowestStart = ready.compareTo(slowestStart) > 0 ? ready : slowestStart;
                assertAllCounted(confirmed, service.client());
                int count = confirmed.values().stream().mapToInt(Set::size).sum();
                fewest = Math.min(fewest, count);
                total += count;
            }
        } finally {
            service.close();
        }
        System.out.printf(
                Locale.ROOT,
                "kill -9 under load, %d rounds: all of %d streams confirmed (at least %d in a round) are counted after the"
                        + " restart; slowest restart %d ms%n",
                ROUNDS,
                total,
                fewest,
                slowestStart.toMillis());
    }

    /** @return the streams that the service confirmed to clients, by session */
    private Map<String, Set<String>> loadUntilKilled(ServiceProcess service) throws Exception {
        ServiceClient client = service.client();
        String run = UUID.randomUUID().toString();
        Map<String, Set<String>> confirmed = new ConcurrentHashMap<>();
        CountDownLatch enough = new CountDownLatch(ThreadLocalRandom.current().nextInt(500, 3_000));
        AtomicLong asked = new AtomicLong();
        AtomicBoolean killing = new AtomicBoolean();
        List<Future<?>> running = new ArrayList<>();
        for (int i = 0; i < CLIENTS; i++) {
            running.add(clients.submit(() -> {
                while (true) {
                    String session = run + "-" + asked.getAndIncrement() / STREAMS_PER_SESSION;
                    try {
                        HttpResponse<String> answer = client.watch(session);
                        if (answer.statusCode() == 200) {
                            confirmed
                                    .computeIfAbsent(session, it -> ConcurrentHashMap.newKeySet())
                                    .add(ServiceClient.header(answer, "Stream-Id"));
                            enough.countDown();
                        } else {
                            // On a busy machine a service that has just started may answer 503; then no stream is
                            // confirmed.
                            assertEquals(503, answer.statusCode(), answer::body);
                        }
                    } catch (IOException e) {
                        if (killing.get()) {
                            return null;
                        }
                        throw e;
                    }
                }
            }));
        }
        assertTrue(enough.await(60, TimeUnit.SECONDS), service::log);
        killing.set(true);
        service.kill();
        for (Future<?> each : running) {
            each.get(60, TimeUnit.SECONDS);
        }
        assertFalse(confirmed.isEmpty());
        return confirmed;
    }

    private void assertAllCounted(Map<String, Set<String>> confirmed, ServiceClient client) throws Exception {
        List<Future<?>> checks = new ArrayList<>();
        confirmed.forEach((session, streams) -> checks.add(clients.submit(() -> {
            Eventually.within(ANSWER_TIME, () -> isConfirmed(session, streams, client), () -> "turned away");
            return null;
        })));
        for (Future<?> check : checks) {
            check.get(60, TimeUnit.SECONDS);
        }
    }

    /** @return false if the service answered 503 */
    private static boolean isConfirmed(String session, Set<String> streams, ServiceClient client) throws Exception {
        HttpResponse<String> answer = client.send("GET", "/streams", "Session-Id", session);
        if (answer.statusCode() == 503) {
            return false;
        }
        Set<String> counted = ServiceClient.streams(answer);
        assertTrue(counted.containsAll(streams), () -> "confirmed " + streams + ", counted " + counted);
        return true;
    }
}
