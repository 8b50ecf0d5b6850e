package io.thezone.persistence.postgresql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.application.AcquireStream;
import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.Attributes;
import io.thezone.domain.Lease;
import io.thezone.domain.SessionId;
import io.thezone.domain.StreamId;
import io.thezone.domain.StreamQuota;
import io.thezone.domain.StreamRequest;
import io.thezone.persistence.contract.SessionRepositoryContract;
import io.thezone.persistence.engine.GroupCommitConfiguration;
import io.thezone.persistence.engine.GroupCommitSessionStore;
import io.thezone.persistence.engine.SessionKeys;
import io.thezone.persistence.spi.LoadedSessions;
import io.thezone.persistence.spi.RejectedDataException;
import io.thezone.persistence.spi.SavedSessions;
import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.SessionRepository;
import io.thezone.persistence.spi.SessionSave;
import io.thezone.persistence.spi.StoredSession;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresqlSessionRepositoryTest implements SessionRepositoryContract {
    private static EmbeddedPostgres server;
    private static Jdbi jdbi;
    private static SessionRepository repository;

    @BeforeAll
    static void startServer() throws Exception {
        server = EmbeddedPostgres.builder().setLocaleConfig("locale", "C").start();
        migrate("postgres");
        jdbi = Jdbi.create(server.getPostgresDatabase());
        repository = new PostgresqlSessionRepository(jdbi, true);
    }

    @AfterAll
    static void stopServer() throws IOException {
        server.close();
    }

    /** PostgreSQL cannot store NUL in a text. */
    private static final String TORN = "torn\u0000";

    @Override
    public SessionRepository repository() {
        return repository;
    }

    @Test
    void aDocumentThatCannotBeStoredIsRejectedAndNoneOfItsBatchIsSaved() {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        SessionKey good = new SessionKey(1, random.nextLong());
        SessionKey bad = new SessionKey(2, random.nextLong());
        Instant now = repository.load(List.of()).now();
        List<SessionSave> batch = List.of(
                new SessionSave(good, Optional.empty(), now, now.plusSeconds(60), 1, "{}"),
                new SessionSave(bad, Optional.empty(), now, now.plusSeconds(60), 1, TORN));
        assertThrows(RejectedDataException.class, () -> repository.saveIfUnchanged(batch));
        assertEquals(Map.of(), repository.load(List.of(good, bad)).sessions());
    }

    @Test
    void aTimeThatCannotBeStoredIsRejected() {
        Instant now = repository.load(List.of()).now();
        SessionSave tooLate = new SessionSave(
                new SessionKey(4, ThreadLocalRandom.current().nextLong()), Optional.empty(), now, Instant.MAX, 1, "{}");
        assertThrows(RejectedDataException.class, () -> repository.saveIfUnchanged(List.of(tooLate)));
    }

    @Test
    void aFormatThatCannotBeStoredIsRejected() {
        Instant now = repository.load(List.of()).now();
        SessionSave save = new SessionSave(
                new SessionKey(5, ThreadLocalRandom.current().nextLong()), Optional.empty(), now, now, 70_000, "{}");
        assertThrows(RejectedDataException.class, () -> repository.saveIfUnchanged(List.of(save)));
    }

    @Test
    void aDocumentThatIsTooLargeIsNotRead() {
        SessionKey key = new SessionKey(6, ThreadLocalRandom.current().nextLong());
        jdbi.useHandle(handle -> handle.createUpdate("INSERT INTO sessions"
                        + " VALUES (:key, 1, 2, '{\"streams\":[]' || repeat(' ', 20000000) || '}', now())")
                .bind("key", key.uuid())
                .execute());
        assertThrows(RejectedDataException.class, () -> repository.load(List.of(key, SessionKey.NOBODY)));
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, Long.MIN_VALUE})
    void aVersionThatWasSetByHandIsTreatedLikeAnyOther(long version) {
        SessionKey key = new SessionKey(7, ThreadLocalRandom.current().nextLong());
        jdbi.useHandle(handle -> handle.createUpdate("INSERT INTO sessions VALUES (:key, :version, 2, '{}', now())")
                .bind("key", key.uuid())
                .bind("version", version)
                .execute());
        LoadedSessions loaded = repository.load(List.of(key));
        StoredSession held = new StoredSession(version, 2, "{}");
        assertEquals(Map.of(key, held), loaded.sessions());
        SessionSave next = new SessionSave(key, Optional.of(held), loaded.now(), loaded.now(), 2, "{}");
        assertEquals(
                Set.of(key),
                repository.saveIfUnchanged(List.of(next)).versions().keySet());
    }

    @Test
    void aRejectedSessionDoesNotAffectOthersOfItsBatch() throws Exception {
        SessionKeys keys = new SessionKeys("a secret");
        SessionId poisoned = new SessionId(UUID.randomUUID().toString());
        SessionRepository poisoning = new SessionRepository() {
            @Override
            public LoadedSessions load(Collection<SessionKey> asked) {
                return repository.load(asked);
            }

            @Override
            public SavedSessions saveIfUnchanged(List<SessionSave> saves) {
                return repository.saveIfUnchanged(saves.stream()
                        .map(save -> save.key().equals(keys.of(poisoned))
                                ? new SessionSave(save.key(), save.base(), save.decidedAt(), save.lapsesAt(), 1, TORN)
                                : save)
                        .toList());
            }
        };
        GroupCommitSessionStore engine = new GroupCommitSessionStore(
                poisoning, SessionCache.NONE, keys, new GroupCommitConfiguration(1, 1_000, 100, 0), Runnable::run);
        engine.start();
        try {
            List<CompletableFuture<AcquireOutcome>> neighbours = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                neighbours.add(acquire(engine, new SessionId(UUID.randomUUID().toString())));
            }
            CompletableFuture<AcquireOutcome> failing = acquire(engine, poisoned);
            for (int i = 0; i < 10; i++) {
                neighbours.add(acquire(engine, new SessionId(UUID.randomUUID().toString())));
            }
            neighbours.forEach(it -> assertInstanceOf(AcquireOutcome.Admitted.class, it.join()));
            assertInstanceOf(
                    RejectedDataException.class,
                    assertThrows(CompletionException.class, failing::join).getCause());
        } finally {
            engine.stop();
        }
    }

    @Test
    void aSaveThatALoadDoesNotSeeIsLaterThanTheTimeOfTheLoad() {
        SessionKey key = new SessionKey(3, ThreadLocalRandom.current().nextLong());
        Jdbi.create(server.getPostgresDatabase()).useTransaction(TransactionIsolationLevel.REPEATABLE_READ, paused -> {
            Instant before = paused.createQuery("SELECT clock_timestamp()")
                    .mapTo(Instant.class)
                    .one();
            SavedSessions saved = repository.saveIfUnchanged(
                    List.of(new SessionSave(key, Optional.empty(), before, before.plusSeconds(60), 1, "{}")));
            LoadedSessions loaded =
                    new PostgresqlSessionRepository(Jdbi.create(paused.getConnection()), true).load(List.of(key));
            assertEquals(Set.of(key), saved.versions().keySet());
            assertEquals(Map.of(), loaded.sessions());
            assertTrue(loaded.now().isBefore(saved.now()));
        });
    }

    @Test
    void aFailedCleanUpContinuesAtItsSliceAndTheNextStartsAtTheBeginning() throws Exception {
        jdbi.useHandle(handle -> handle.execute("CREATE DATABASE walked"));
        migrate("walked");
        Jdbi walked = Jdbi.create(server.getDatabase("postgres", "walked"));
        walked.useHandle(handle -> handle.execute("INSERT INTO sessions"
                + " SELECT gen_random_uuid(), n, 1, '{}', now() + interval '1 hour' FROM generate_series(1, 1500) n"));
        AtomicInteger slices = new AtomicInteger();
        SessionRepository failing = new PostgresqlSessionRepository(
                Jdbi.create(() -> {
                    if (slices.incrementAndGet() == 2) {
                        throw new SQLException("the second slice fails");
                    }
                    return server.getDatabase("postgres", "walked").getConnection();
                }),
                true);
        assertThrows(ConnectionException.class, failing::removeLapsed);

        walked.useHandle(handle -> handle.execute(
                "INSERT INTO sessions SELECT '00000000-0000-0000-0000-000000000001', 1501, 1, '{}', now()"));
        assertEquals(0, failing.removeLapsed());
        assertEquals(1, failing.removeLapsed());
    }

    @Test
    void theViewShowsTheStreamsOfAllReadableSessions() {
        SessionKey good = new SessionKey(8, 0);
        putByHand(good, "{\"streams\":[{\"id\":\"a\",\"start\":1,\"seen\":1,\"until\":9007199254740991}]}");
        List<String> bad = List.of(
                "no JSON",
                "null",
                "7",
                "{\"streams\":7}",
                "{\"streams\":[null]}",
                "{\"at\":99999999999999999}",
                "{\"streams\":[{\"id\":\"\\u0000\",\"start\":1,\"seen\":1,\"until\":9007199254740991}]}",
                "{\"streams\":[{\"until\":9007199254740991},{\"until\":9223372036854775808}]}",
                "[".repeat(100_000));
        for (int i = 0; i < bad.size(); i++) {
            putByHand(new SessionKey(8, 1 + i), bad.get(i));
        }
        assertEquals(
                List.of(good), jdbi.withHandle(handle -> handle.createQuery("SELECT session_key FROM active_streams")
                        .mapTo(UUID.class)
                        .map(SessionKey::of)
                        .filter(key -> key.high() == 8)
                        .list()));
    }

    @Test
    void thePrimaryKeyIsTheOnlyIndexSoUpdatesStayHeapOnly() {
        List<String> indexes = jdbi.withHandle(
                handle -> handle.createQuery("SELECT indexname FROM pg_indexes WHERE tablename = 'sessions'")
                        .mapTo(String.class)
                        .list());
        assertEquals(List.of("sessions_pkey"), indexes);
    }

    @Test
    void concurrentMigrationsAllSucceed() throws Exception {
        jdbi.useHandle(handle -> handle.execute("CREATE DATABASE fresh"));
        ExecutorService executor = Executors.newFixedThreadPool(2);
        try {
            List<Future<Boolean>> migrations = new ArrayList<>();
            for (int i = 0; i < 2; i++) {
                migrations.add(executor.submit(() -> {
                    migrate("fresh");
                    return true;
                }));
            }
            for (Future<Boolean> migration : migrations) {
                assertEquals(true, migration.get(60, TimeUnit.SECONDS));
            }
        } finally {
            executor.shutdownNow();
        }
    }

    @Test
    void aStaleLockOfADeadNodeDoesNotBlockTheMigration() throws Exception {
        jdbi.useHandle(handle -> handle.execute(
                "UPDATE databasechangeloglock" + " SET locked = true, lockgranted = now(), lockedby = 'a dead node'"));
        migrate("postgres");
        assertEquals(false, jdbi.withHandle(handle -> handle.createQuery("SELECT locked FROM databasechangeloglock")
                .mapTo(Boolean.class)
                .one()));
    }

    private static void putByHand(SessionKey key, String document) {
        jdbi.useHandle(handle -> handle.createUpdate("INSERT INTO sessions VALUES (:key, 1, 2, :document, now())")
                .bind("key", key.uuid())
                .bind("document", document)
                .execute());
    }

    private static CompletableFuture<AcquireOutcome> acquire(GroupCommitSessionStore engine, SessionId session) {
        return new AcquireStream(engine, new Lease(Duration.ofSeconds(60), Duration.ofSeconds(20)))
                .acquire(
                        session,
                        new StreamRequest(new StreamId("one"), Attributes.NONE),
                        Optional.of(new StreamQuota("three", 3)))
                .toCompletableFuture();
    }

    private static void migrate(String database) throws Exception {
        SchemaMigration.run(PostgresqlStore.administration(
                new PostgresqlStore.Access(server.getJdbcUrl("postgres", database), "postgres", "")));
    }
}
