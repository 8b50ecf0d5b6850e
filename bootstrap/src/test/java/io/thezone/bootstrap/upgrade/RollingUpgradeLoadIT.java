package io.thezone.bootstrap.upgrade;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.thezone.bootstrap.support.DatabaseServer;
import io.thezone.bootstrap.support.Java;
import io.thezone.bootstrap.support.ServiceClient;
import io.thezone.bootstrap.support.ServiceProcess;
import io.thezone.rest.testing.Eventually;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Upgrades two nodes on one database from the last release to this version and back, one by one, under load. */
@Timeout(value = 1200, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RollingUpgradeLoadIT {
    private static final int CLIENTS = 4;
    private static final int SESSIONS_PER_CLIENT = 8;
    private static final int LIMIT = 3;
    private static final int STEPS = 600;
    private static final Duration STEP_TIME = Duration.ofMinutes(2);
    private static final Duration PACE = Duration.ofMillis(4);
    private static final String STORED = "SELECT count(*) FROM sessions WHERE format = ";
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ExecutorService clients = Executors.newFixedThreadPool(CLIENTS);
    private final List<Future<?>> running = new ArrayList<>();
    private final AtomicBoolean ending = new AtomicBoolean();
    private final AtomicLong steps = new AtomicLong();

    /** A read lock is held during a request, the write lock to remove a node. */
    private final ReadWriteLock routing = new ReentrantReadWriteLock();

    private final List<ServiceProcess> nodes = new CopyOnWriteArrayList<>();
    private final List<Map<String, Viewer>> viewersByClient = new ArrayList<>();

    /** The expected streams of a session; only one client changes it, so each answer can be predicted. */
    private record Viewer(Set<String> live, Set<String> replaced) {
        Viewer() {
            this(new TreeSet<>(), new TreeSet<>());
        }
    }

    @AfterEach
    void stop() {
        clients.shutdownNow();
        nodes.forEach(ServiceProcess::close);
    }

    @Test
    void noViewerNoticesAnUpgradeNodeByNodeNorTheWayBack(@TempDir Path cluster) throws Exception {
        LastRelease release = new LastRelease();
        Assumptions.assumeTrue(release.missing().isEmpty(), () -> "skipped: no git history of the last release");
        Path old = release.jar();
        try (DatabaseServer database = new DatabaseServer(cluster)) {
            Map<String, String> environment = new HashMap<>(database.environment());
            environment.putAll(Map.of("CACHE_TYPE", "none", "STREAM_LEASE", "60s", "STREAM_HEARTBEAT", "20s"));
            nodes.add(ServiceProcess.startVersion(old, release.config(), environment));
            nodes.add(ServiceProcess.startVersion(old, release.config(), environment));
            startClients();
            work();

            for (int i = 0; i < 2; i++) {
                nodes.add(ServiceProcess.start(environment));
                work();
                retireFirst();
                work();
            }
            assertEquals(0, count(database, STORED + 3), "the last release may still run");

            command(environment, "session-format", "3");
            Eventually.within(STEP_TIME, () -> count(database, STORED + 3) > 0, () -> "still in the former format");
            work();
            nodes.add(ServiceProcess.start(environment));
            retireFirst();
            work();

            command(environment, "session-format", "2");
            Eventually.within(
                    STEP_TIME, () -> alive() && count(database, STORED + 3) == 0, () -> "still in the new format");
            for (int i = 0; i < 2; i++) {
                nodes.add(ServiceProcess.startVersion(old, release.config(), environment));
                work();
                retireFirst();
                work();
            }
            ending.set(true);
            for (Future<?> each : running) {
                each.get(60, TimeUnit.SECONDS);
            }
            assertAllCounted();
        }
        System.out.printf("rolling forward and back: %d steps of viewers%n", steps.get());
    }

    private void startClients() {
        for (int i = 0; i < CLIENTS; i++) {
            Random random = new Random(i);
            Map<String, Viewer> viewers = new HashMap<>();
            for (int j = 0; j < SESSIONS_PER_CLIENT; j++) {
                viewers.put("client-" + i + "-session-" + j, new Viewer());
            }
            viewersByClient.add(viewers);
            List<String> sessions = List.copyOf(viewers.keySet());
            running.add(clients.submit(() -> {
                while (!ending.get()) {
                    String session = sessions.get(random.nextInt(sessions.size()));
                    step(session, viewers.getOrDefault(session, new Viewer()), random);
                    steps.incrementAndGet();
                    LockSupport.parkNanos(PACE.toNanos());
                }
                return null;
            }));
        }
    }

    private void step(String session, Viewer viewer, Random random) throws Exception {
        int choice = random.nextInt(100);
        if (viewer.live().isEmpty() || choice < 10) {
            start(session, viewer, random, "");
        } else if (choice < 15 && viewer.live().size() == LIMIT) {
            start(session, viewer, random, any(viewer.live(), random));
        } else if (choice < 25) {
            String id = any(viewer.live(), random);
            String way = choice < 20 ? "" : "?as=stopped";
            assertStatus(204, send(random, "DELETE", "/streams/" + id + way, session));
            viewer.live().remove(id);
        } else if (choice < 30 && !viewer.replaced().isEmpty()) {
            String id = any(viewer.replaced(), random);
            assertStatus(410, send(random, "POST", "/streams/" + id + "/heartbeat", session));
        } else if (choice < 40) {
            HttpResponse<String> answer = send(random, "GET", "/streams", session);
            assertEquals(viewer.live(), ServiceClient.streams(answer));
        } else {
            assertStatus(200, send(random, "POST", "/streams/" + any(viewer.live(), random) + "/heartbeat", session));
        }
    }

    /** @param replaced the stream that the new one replaces; none if empty */
    private void start(String session, Viewer viewer, Random random, String replaced) throws Exception {
        String body = "{\"device\":{\"type\":\"tv\"}"
                + (replaced.isEmpty() ? "" : ",\"replaces\":[\"" + replaced + "\"]") + "}";
        String key = "key-" + steps.get() + "-" + random.nextInt(1_000_000);
        HttpResponse<String> answer =
                ask(random, client -> client.post("/streams", body, "Session-Id", session, "Idempotency-Key", key));
        if (replaced.isEmpty() && viewer.live().size() == LIMIT) {
            assertStatus(409, answer);
            return;
        }
        assertStatus(201, answer);
        viewer.live().add(JSON.readTree(answer.body()).path("streamId").asText());
        if (!replaced.isEmpty()) {
            viewer.live().remove(replaced);
            // A session remembers only a few ends.
            viewer.replaced().clear();
            viewer.replaced().add(replaced);
        }
    }

    private interface Question {
        HttpResponse<String> ask(ServiceClient client) throws IOException, InterruptedException;
    }

    private HttpResponse<String> send(Random random, String method, String path, String session) throws Exception {
        return ask(random, client -> client.send(method, path, "Session-Id", session));
    }

    /** Sends a request once, to any node that is not about to stop; a 503 counts as an outage. */
    private HttpResponse<String> ask(Random random, Question question) throws Exception {
        routing.readLock().lock();
        try {
            return question.ask(nodes.get(random.nextInt(nodes.size())).client());
        } finally {
            routing.readLock().unlock();
        }
    }

    private static void assertStatus(int status, HttpResponse<String> answer) {
        assertEquals(
                status,
                answer.statusCode(),
                () -> answer.request().method() + " " + answer.uri() + " " + answer.body());
    }

    private static String any(Set<String> ids, Random random) {
        return List.copyOf(ids).get(random.nextInt(ids.size()));
    }

    /** Waits until the viewers have made requests to the current nodes. */
    private void work() throws Exception {
        long before = steps.get();
        Eventually.within(STEP_TIME, () -> alive() && steps.get() - before >= STEPS, () -> "no viewer gets on");
    }

    private boolean alive() throws ExecutionException, InterruptedException {
        for (Future<?> each : running) {
            if (each.isDone()) {
                each.get();
            }
        }
        return true;
    }

    private void retireFirst() throws InterruptedException {
        ServiceProcess node = nodes.get(0);
        routing.writeLock().lock();
        try {
            nodes.remove(node);
        } finally {
            routing.writeLock().unlock();
        }
        node.terminate();
        node.awaitEnd();
    }

    private void assertAllCounted() throws Exception {
        int streams = 0;
        for (ServiceProcess node : nodes) {
            for (Map<String, Viewer> viewers : viewersByClient) {
                for (Map.Entry<String, Viewer> viewer : viewers.entrySet()) {
                    assertEquals(
                            viewer.getValue().live(), node.client().streams(viewer.getKey()), "of " + viewer.getKey());
                    streams += viewer.getValue().live().size();
                }
            }
        }
        assertTrue(streams > 0, "there is something to count");
    }

    private static void command(Map<String, String> environment, String... command) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("-jar", ServiceProcess.JAR.toString()));
        arguments.addAll(List.of(command));
        arguments.add(ServiceProcess.CONFIG.toString());
        ProcessBuilder builder = new ProcessBuilder(Java.command(arguments)).inheritIO();
        builder.environment().putAll(environment);
        Process process = builder.start();
        try {
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), "it ends by itself");
            assertEquals(0, process.exitValue());
        } finally {
            process.destroyForcibly();
        }
    }

    private static long count(DatabaseServer database, String query) throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
