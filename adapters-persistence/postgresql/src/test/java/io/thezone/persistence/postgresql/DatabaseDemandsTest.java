package io.thezone.persistence.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dropwizard.core.setup.Environment;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.SessionRepository;
import io.thezone.persistence.spi.SessionSave;
import io.thezone.persistence.spi.SharedFacts;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** Requirements on a database server, and durable saves on one whose settings do not guarantee them. */
class DatabaseDemandsTest {
    private static EmbeddedPostgres server;
    private static Jdbi jdbi;

    @BeforeAll
    static void start() throws Exception {
        server = EmbeddedPostgres.builder()
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "off")
                .setServerConfig("wal_writer_delay", "10s")
                .start();
        jdbi = Jdbi.create(server.getPostgresDatabase());
        open("postgres", true, true);
    }

    @AfterAll
    static void stop() throws IOException {
        server.close();
    }

    @Test
    void aSaveIsOnDiskBeforeItReturnsAlthoughSynchronousCommitIsOff() {
        String before = asked("SELECT pg_current_wal_insert_lsn()");
        save(new PostgresqlSessionRepository(jdbi, true));
        assertEquals("t", asked("SELECT pg_current_wal_flush_lsn() > '" + before + "'"));
    }

    @Test
    void aFactIsOnDiskBeforeItReturns() {
        String before = asked("SELECT pg_current_wal_insert_lsn()");
        new PostgresqlFacts(jdbi).replace("fact", "first");
        assertEquals("t", asked("SELECT pg_current_wal_flush_lsn() > '" + before + "'"));
    }

    @Test
    void stricterSettingsAreKeptAndDurableFalseKeepsAll() {
        assertEquals("on", inForceAtTheEndOfASave("off", true));
        assertEquals("remote_apply", inForceAtTheEndOfASave("remote_apply", true));
        assertEquals("local", inForceAtTheEndOfASave("local", true));
        assertEquals("off", inForceAtTheEndOfASave("off", false));
    }

    private static String inForceAtTheEndOfASave(String setting, boolean durable) {
        return jdbi.inTransaction(handle -> {
            handle.execute("SET LOCAL synchronous_commit = " + setting);
            save(new PostgresqlSessionRepository(Jdbi.create(handle.getConnection()), durable));
            return handle.createQuery("SHOW synchronous_commit")
                    .mapTo(String.class)
                    .one();
        });
    }

    @Test
    void aServerWithFsyncOffIsRefusedUnlessDurableIsFalse() throws Exception {
        try (EmbeddedPostgres careless =
                EmbeddedPostgres.builder().setServerConfig("fsync", "off").start()) {
            PostgresqlStore.Access access = access(careless, "postgres");
            String message = refusal(() -> PostgresqlStore.open(new Environment("test"), access, 2, true, true));
            assertTrue(message.contains("fsync is off") && message.contains("store.durable"), message);
            save(PostgresqlStore.open(new Environment("test"), access, 2, true, false));
        }
    }

    @Test
    void aDatabaseThatCannotHoldEveryCharacterIsRefused() {
        jdbi.useHandle(handle -> handle.execute(
                "CREATE DATABASE latin ENCODING 'LATIN1' LC_COLLATE 'C' LC_CTYPE 'C' TEMPLATE template0"));
        String message = refusal(() -> open("latin", true, true));
        assertTrue(message.contains("/latin has the encoding LATIN1") && message.contains("'UTF8'"), message);
    }

    @Test
    void anOldSchemaIsRefusedIfMigrateIsFalse() throws Exception {
        jdbi.useHandle(handle -> handle.execute("CREATE DATABASE old"));
        assertTrue(refusal(() -> open("old", false, true))
                .contains("run db migrate of this version first (missing: 1-sessions,"));
        open("old", true, true);
        Jdbi old = Jdbi.create(server.getDatabase("postgres", "old"));
        old.useHandle(handle -> handle.execute("DELETE FROM databasechangelog WHERE id = '3-installation'"));
        assertTrue(refusal(() -> open("old", false, true)).endsWith("(missing: 3-installation)"));
        old.useHandle(
                handle -> handle.execute(
                        "INSERT INTO databasechangelog"
                                + " SELECT '3-installation', author, filename, dateexecuted, 3, exectype FROM databasechangelog LIMIT 1"));
        save(open("old", false, true));
    }

    private static String refusal(Executable opening) {
        return String.valueOf(assertThrows(IllegalStateException.class, opening).getMessage());
    }

    @Test
    void oneOfSeveralConcurrentProposalsOfAFactWins() throws Exception {
        SharedFacts facts = open("postgres", true, true).facts().orElseThrow();
        ExecutorService nodes = Executors.newFixedThreadPool(4);
        try {
            Set<String> kept = new HashSet<>();
            List<Callable<String>> proposals = IntStream.range(0, 16)
                    .<Callable<String>>mapToObj(i -> () -> facts.agree("raced", "node " + i))
                    .toList();
            for (Future<String> each : nodes.invokeAll(proposals)) {
                kept.add(each.get(20, TimeUnit.SECONDS));
            }
            assertEquals(Set.of(facts.find("raced").orElseThrow()), kept);
        } finally {
            nodes.shutdownNow();
        }
    }

    @Test
    void aFactIsKeptUntilItIsReplaced() {
        SharedFacts facts = new PostgresqlFacts(jdbi);
        assertEquals(Optional.empty(), facts.find("colour"));
        assertEquals("red", facts.agree("colour", "red"));
        assertEquals("red", facts.agree("colour", "blue"));
        facts.replace("colour", "green");
        assertEquals(Optional.of("green"), facts.find("colour"));
    }

    @Test
    void aDatabaseWithSessionsStartsWithTheFormerFormat() throws Exception {
        assertEquals(Optional.empty(), format("postgres"));
        jdbi.useHandle(handle -> handle.execute("CREATE DATABASE upgraded"));
        open("upgraded", true, true);
        Jdbi upgraded = Jdbi.create(server.getDatabase("postgres", "upgraded"));
        upgraded.useHandle(handle -> {
            handle.execute("DROP TABLE installation");
            handle.execute("DELETE FROM databasechangelog WHERE id = '3-installation'");
        });
        save(new PostgresqlSessionRepository(upgraded, true));
        open("upgraded", true, true);
        assertEquals(Optional.of("2"), format("upgraded"));
    }

    private static Optional<String> format(String database) {
        return new PostgresqlFacts(Jdbi.create(server.getDatabase("postgres", database))).find("session-format");
    }

    private static void save(SessionRepository repository) {
        SessionKey key = new SessionKey(4, ThreadLocalRandom.current().nextLong());
        Instant now = repository.load(List.of()).now();
        SessionSave save = new SessionSave(key, Optional.empty(), now, now.plusSeconds(60), 1, "{}");
        assertFalse(repository.saveIfUnchanged(List.of(save)).versions().isEmpty());
    }

    private static String asked(String query) {
        return jdbi.withHandle(
                handle -> handle.createQuery(query).mapTo(String.class).one());
    }

    private static SessionRepository open(String database, boolean migrate, boolean durable) throws Exception {
        return PostgresqlStore.open(new Environment("test"), access(server, database), 2, migrate, durable);
    }

    private static PostgresqlStore.Access access(EmbeddedPostgres server, String database) {
        return new PostgresqlStore.Access(server.getJdbcUrl("postgres", database), "postgres", "");
    }
}
