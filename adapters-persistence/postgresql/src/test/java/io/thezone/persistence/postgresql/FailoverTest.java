package io.thezone.persistence.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dropwizard.core.setup.Environment;
import io.thezone.application.AcquireStream;
import io.thezone.application.ListStreams;
import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.Attributes;
import io.thezone.domain.Lease;
import io.thezone.domain.SessionId;
import io.thezone.domain.StreamId;
import io.thezone.domain.StreamQuota;
import io.thezone.domain.StreamRequest;
import io.thezone.persistence.engine.GroupCommitConfiguration;
import io.thezone.persistence.engine.GroupCommitSessionStore;
import io.thezone.persistence.engine.SessionKeys;
import io.thezone.persistence.spi.SessionCache;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Failover to an asynchronous standby that has not received the last saves of the primary. */
@Timeout(120)
class FailoverTest {
    /** More than the 32 values that a sequence logs in advance, so that versions repeat after the failover. */
    private static final int SESSIONS = 40;

    private static final SessionKeys KEYS = new SessionKeys("a secret");
    private static final StreamQuota THREE = new StreamQuota("three", 3);
    private static final Lease LEASE = new Lease(Duration.ofMinutes(10), Duration.ofMinutes(1));

    private final List<GroupCommitSessionStore> nodes = new ArrayList<>();
    private final List<EmbeddedPostgres> servers = new ArrayList<>();
    private final List<SessionId> sessions = IntStream.range(0, SESSIONS)
            .mapToObj(i -> new SessionId("session-" + i))
            .toList();

    @SuppressWarnings("NullAway.Init")
    private EmbeddedPostgres primary;

    private int portOfStandby;

    private Path directory = Path.of("");

    @BeforeEach
    void startPrimary(@TempDir Path temporary) throws Exception {
        directory = temporary;
        primary = start("primary", freePort());
        portOfStandby = freePort();
        SchemaMigration.run(PostgresqlStore.administration(
                new PostgresqlStore.Access(primary.getJdbcUrl("postgres", "postgres"), "postgres", "")));
    }

    @AfterEach
    void stopAll() throws Exception {
        for (GroupCommitSessionStore node : nodes) {
            node.stop();
        }
        for (EmbeddedPostgres server : servers) {
            server.close();
        }
    }

    @Test
    void aSaveBasedOnLostContentsFails() throws Exception {
        EmbeddedPostgres standby = startStandby();
        GroupCommitSessionStore remembering = node();
        GroupCommitSessionStore other = node();
        sessions.forEach(session -> acquire(remembering, session, "kept"));
        eventually(standby, "SELECT count(*) = " + SESSIONS + " FROM sessions");
        cutOff(standby);
        sessions.forEach(session -> acquire(remembering, session, "lost"));
        Map<SessionId, Long> lost = versions();
        failOverTo(standby);

        long next = Jdbi.create(standby.getPostgresDatabase())
                .withHandle(it -> it.createQuery("SELECT last_value + 1 FROM session_version")
                        .mapTo(Long.class)
                        .one());
        List<SessionId> drawnAgain = sessions.stream()
                .filter(session -> lost.getOrDefault(session, 0L) >= next)
                .toList();
        drawnAgain.forEach(session -> acquire(other, session, "new"));
        Map<SessionId, Long> versions = versions();
        assertTrue(lost.values().stream().anyMatch(versions::containsValue));

        for (SessionId session : drawnAgain) {
            assertInstanceOf(AcquireOutcome.Admitted.class, acquire(remembering, session, "last"));
            assertEquals(List.of("kept", "new", "last"), streams(other, session));
            assertInstanceOf(AcquireOutcome.Refused.class, acquire(remembering, session, "more"));
        }
    }

    private Map<SessionId, Long> versions() {
        Jdbi jdbi = Jdbi.create(primary.getPostgresDatabase());
        Map<SessionId, Long> versions = new HashMap<>();
        jdbi.useHandle(it -> {
            for (SessionId session : sessions) {
                versions.put(
                        session,
                        it.createQuery("SELECT version FROM sessions WHERE key = :key")
                                .bind("key", KEYS.of(session).uuid())
                                .mapTo(Long.class)
                                .one());
            }
        });
        return versions;
    }

    private EmbeddedPostgres start(String name, int port) throws IOException {
        EmbeddedPostgres server = EmbeddedPostgres.builder()
                .setDataDirectory(directory.resolve(name))
                .setCleanDataDirectory(false)
                .setPort(port)
                .start();
        servers.add(server);
        return server;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Creates the standby from a copy of the stopped primary, and starts the primary again. */
    private EmbeddedPostgres startStandby() throws Exception {
        int port = primary.getPort();
        primary.close();
        servers.remove(primary);
        Path copy = directory.resolve("standby");
        copy(directory.resolve("primary"), copy);
        primary = start("primary", port);
        Files.createFile(copy.resolve("standby.signal"));
        Files.writeString(
                copy.resolve("postgresql.auto.conf"),
                "primary_conninfo = 'host=localhost user=postgres port=" + port + "'\n");
        EmbeddedPostgres standby = start("standby", portOfStandby);
        eventually(primary, "SELECT count(*) = 1 FROM pg_stat_replication WHERE state = 'streaming'");
        return standby;
    }

    /** Cuts the standby off: it receives no further changes. */
    private void cutOff(EmbeddedPostgres standby) {
        Jdbi jdbi = Jdbi.create(standby.getPostgresDatabase());
        jdbi.useHandle(it -> it.execute("ALTER SYSTEM SET primary_conninfo = ''"));
        jdbi.useHandle(it -> it.execute("SELECT pg_reload_conf()"));
        eventually(standby, "SELECT count(*) = 0 FROM pg_stat_wal_receiver");
    }

    private void failOverTo(EmbeddedPostgres standby) throws IOException {
        primary.close();
        servers.remove(primary);
        Jdbi.create(standby.getPostgresDatabase()).useHandle(it -> it.execute("SELECT pg_promote()"));
        eventually(standby, "SELECT NOT pg_is_in_recovery()");
        primary = standby;
    }

    private static void eventually(EmbeddedPostgres server, String condition) {
        Jdbi jdbi = Jdbi.create(server.getPostgresDatabase());
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(30);
        while (!jdbi.withHandle(
                it -> it.createQuery(condition).mapTo(Boolean.class).one())) {
            assertFalse(System.nanoTime() - end > 0, "it never happened: " + condition);
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        try (java.util.stream.Stream<Path> files = Files.walk(from)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Files.copy(file, to.resolve(from.relativize(file).toString()), StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
    }

    /** A node whose URL names both servers; the driver uses the primary. */
    private GroupCommitSessionStore node() throws Exception {
        String servers = "localhost:" + primary.getPort() + ",localhost:" + portOfStandby;
        Environment environment = new Environment("node");
        GroupCommitSessionStore node = new GroupCommitSessionStore(
                PostgresqlStore.open(
                        environment,
                        new PostgresqlStore.Access("jdbc:postgresql://" + servers + "/postgres", "postgres", ""),
                        2,
                        false,
                        false),
                SessionCache.NONE,
                KEYS,
                new GroupCommitConfiguration(1, 1_000, 100, 1_000),
                Runnable::run);
        node.start();
        nodes.add(node);
        return node;
    }

    private static AcquireOutcome acquire(GroupCommitSessionStore node, SessionId session, String stream) {
        return answered(() -> new AcquireStream(node, LEASE)
                .acquire(session, new StreamRequest(new StreamId(stream), Attributes.NONE), Optional.of(THREE)));
    }

    private static List<String> streams(GroupCommitSessionStore node, SessionId session) {
        return answered(() -> new ListStreams(node).list(session)).streams().stream()
                .map(it -> it.id().value())
                .toList();
    }

    /** Retries, which is safe, until the node has found the primary and answers in time. */
    private static <R> R answered(Supplier<CompletionStage<R>> request) {
        Optional<R> answer = Optional.empty();
        while (answer.isEmpty()) {
            answer = request.get()
                    .handle((outcome, late) -> Optional.ofNullable(outcome))
                    .toCompletableFuture()
                    .join();
        }
        return answer.get();
    }
}
