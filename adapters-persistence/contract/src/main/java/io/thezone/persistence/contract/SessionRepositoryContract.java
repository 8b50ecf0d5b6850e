package io.thezone.persistence.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.thezone.application.AcquireStream;
import io.thezone.application.ListStreams;
import io.thezone.application.ReleaseStream;
import io.thezone.application.SessionStore;
import io.thezone.application.StoreUnavailableException;
import io.thezone.application.StreamTerms;
import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.Attributes;
import io.thezone.domain.Lease;
import io.thezone.domain.ReleaseOutcome;
import io.thezone.domain.SessionId;
import io.thezone.domain.StreamId;
import io.thezone.domain.StreamQuota;
import io.thezone.persistence.spi.GroupCommitSessionStore;
import io.thezone.persistence.spi.GroupCommitSettings;
import io.thezone.persistence.spi.LoadedSessions;
import io.thezone.persistence.spi.SavedSessions;
import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.SessionKeys;
import io.thezone.persistence.spi.SessionRepository;
import io.thezone.persistence.spi.SessionSave;
import io.thezone.persistence.spi.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The rules of {@link SessionRepository}, and what the engine makes of a store that keeps them. */
@Timeout(120)
public abstract class SessionRepositoryContract {
    private static final String DOCUMENT = "{\"changedAt\":1}";
    private static final String OTHER_DOCUMENT = "{\"changedAt\":2}";
    private static final int LIMIT = 3;
    private static final StreamTerms TERMS =
            new StreamTerms(new StreamQuota(LIMIT), new Lease(Duration.ofSeconds(60), Duration.ofSeconds(20)));
    private static final GroupCommitSettings SETTINGS = new GroupCommitSettings(2, 10_000, 50);

    private final SessionKeys keys = new SessionKeys("a secret of the contract");

    /** The store under test; may be the same for all tests. */
    protected abstract SessionRepository repository();

    @Test
    void loadingNothingTellsTheStoresTime() {
        Instant first = now();
        LoadedSessions second = repository().load(List.of());
        assertEquals(Map.of(), second.sessions());
        assertFalse(second.now().isBefore(first));
    }

    @Test
    void loadingAbsentKeysTellsTheStoresTimeAndNothingElse() {
        LoadedSessions loaded = repository().load(RandomKeys.sorted(3));
        assertEquals(Map.of(), loaded.sessions());
        assertTrue(loaded.now().isAfter(Instant.EPOCH));
    }

    @Test
    void anAbsentSessionIsInsertedOnlyByASaveBasedOnAbsent() {
        SessionKey key = RandomKeys.next();
        long version = insert(key);
        assertTrue(version > StoredSession.ABSENT);
        assertEquals(version, held(key).version());
        assertEquals(Map.of(), save(saveOf(key, StoredSession.ABSENT, OTHER_DOCUMENT)));
        assertSameJson(DOCUMENT, held(key).document());
    }

    @Test
    void aSaveBasedOnAVersionNeverRaisesAnAbsentSession() {
        SessionKey key = RandomKeys.next();
        long someVersion = insert(RandomKeys.next());
        assertEquals(Map.of(), save(saveOf(key, someVersion, DOCUMENT)));
        assertTrue(isAbsent(key));
    }

    @Test
    void eachSaveOfABatchWinsOrLosesOnItsOwn() {
        List<SessionKey> four = RandomKeys.sorted(4);
        long first = insert(four.get(0));
        long second = insert(four.get(1));
        Map<SessionKey, Long> versions = save(
                saveOf(four.get(0), first, OTHER_DOCUMENT),
                saveOf(four.get(1), first, OTHER_DOCUMENT),
                saveOf(four.get(2), StoredSession.ABSENT, OTHER_DOCUMENT),
                saveOf(four.get(3), second, OTHER_DOCUMENT));
        assertEquals(Set.of(four.get(0), four.get(2)), versions.keySet());
        assertEquals(versions.get(four.get(0)), held(four.get(0)).version());
        assertSameJson(OTHER_DOCUMENT, held(four.get(0)).document());
        assertEquals(second, held(four.get(1)).version());
        assertSameJson(DOCUMENT, held(four.get(1)).document());
        assertEquals(versions.get(four.get(2)), held(four.get(2)).version());
        assertTrue(isAbsent(four.get(3)));
    }

    @Test
    void versionsAreUniqueAndGrowAcrossSessions() {
        Set<Long> seen = new HashSet<>();
        long highest = 0;
        for (int round = 0; round < 5; round++) {
            SessionSave[] batch = RandomKeys.sorted(5).stream()
                    .map(key -> saveOf(key, StoredSession.ABSENT, DOCUMENT))
                    .toArray(SessionSave[]::new);
            Collection<Long> versions = save(batch).values();
            assertEquals(5, versions.size());
            for (long version : versions) {
                assertTrue(version > highest);
                assertTrue(seen.add(version));
            }
            highest = seen.stream().max(Long::compare).orElseThrow();
        }
    }

    @Test
    void theSameDocumentUnderANewVersionIsAnotherState() {
        SessionKey key = RandomKeys.next();
        long first = insert(key);
        long second = update(key, first, OTHER_DOCUMENT);
        long third = update(key, second, DOCUMENT);
        assertTrue(first < second && second < third);
        assertEquals(Map.of(), save(saveOf(key, first, OTHER_DOCUMENT)));
        assertEquals(third, held(key).version());
    }

    @Test
    void aSaveThatWasDecidedTooLongAgoIsRefused() {
        SessionKey present = RandomKeys.next();
        SessionKey absent = RandomKeys.next();
        long version = insert(present);
        Instant longAgo = now().minusSeconds(3);
        assertEquals(Map.of(), save(saveOf(present, version, longAgo, OTHER_DOCUMENT)));
        assertEquals(Map.of(), save(saveOf(absent, StoredSession.ABSENT, longAgo, DOCUMENT)));
        assertEquals(version, held(present).version());
        assertTrue(isAbsent(absent));
    }

    @Test
    void aSaveThatWasDecidedJustNowIsTaken() {
        SessionKey key = RandomKeys.next();
        assertEquals(
                Set.of(key),
                save(saveOf(key, StoredSession.ABSENT, now(), DOCUMENT)).keySet());
    }

    @Test
    void documentsAndFormatsComeBackAsTheyWereSaved() {
        SessionKey key = RandomKeys.next();
        String document = "{\"title\":\"Ünïcode 😀 \\\" \\\\\",\"list\":[1,2,{\"a\":null}]}";
        Instant now = now();
        save(new SessionSave(key, StoredSession.ABSENT, now, now.plusSeconds(60), 99, document));
        assertEquals(99, held(key).format());
        assertSameJson(document, held(key).document());
    }

    @Test
    void onlyLapsedSessionsAreRemoved() {
        SessionKey lapsed = RandomKeys.next();
        SessionKey alive = RandomKeys.next();
        Instant now = now();
        save(new SessionSave(lapsed, StoredSession.ABSENT, now, now.minusSeconds(60), 1, DOCUMENT));
        insert(alive);
        assertTrue(repository().removeLapsed() >= 1);
        assertTrue(isAbsent(lapsed));
        assertFalse(isAbsent(alive));
    }

    @Test
    void aSaveThatLostToARemovalSavesNothing() {
        SessionKey key = RandomKeys.next();
        Instant now = now();
        long version = save(new SessionSave(key, StoredSession.ABSENT, now, now.minusSeconds(60), 1, DOCUMENT))
                .getOrDefault(key, 0L);
        repository().removeLapsed();
        assertEquals(Map.of(), save(saveOf(key, version, OTHER_DOCUMENT)));
        assertTrue(isAbsent(key));
        assertTrue(insert(key) > version);
    }

    @Test
    void ofRacingSavesExactlyOneWins() throws Exception {
        SessionKey key = RandomKeys.next();
        long base = StoredSession.ABSENT;
        for (int round = 0; round < 20; round++) {
            long expected = base;
            List<Map<SessionKey, Long>> answers =
                    Concurrently.call(8, i -> () -> save(saveOf(key, expected, DOCUMENT)));
            List<Long> won =
                    answers.stream().flatMap(answer -> answer.values().stream()).toList();
            assertEquals(1, won.size());
            base = won.get(0);
            assertEquals(base, held(key).version());
        }
    }

    @Test
    void overlappingBatchesInTheOrderOfTheKeysNeverFail() throws Exception {
        List<SessionKey> shared = RandomKeys.sorted(20);
        List<Integer> wins = Concurrently.call(8, thread -> () -> {
            int won = 0;
            for (int round = 0; round < 15; round++) {
                List<SessionKey> some = shared.subList(thread, shared.size() - 7 + thread);
                Map<SessionKey, StoredSession> held = repository().load(some).sessions();
                List<SessionSave> batch = new ArrayList<>();
                for (SessionKey key : some) {
                    StoredSession session = held.get(key);
                    batch.add(saveOf(key, session == null ? StoredSession.ABSENT : session.version(), DOCUMENT));
                }
                won += repository().saveIfUnchanged(batch).versions().size();
            }
            return won;
        });
        assertTrue(wins.stream().mapToInt(Integer::intValue).sum() >= shared.size());
    }

    @Test
    void neverMoreThanTheLimitIsAdmittedWithoutACache() throws Exception {
        neverAdmitsTooMany(() -> SessionCache.NONE);
    }

    @Test
    void neverMoreThanTheLimitIsAdmittedWithAnEmptyCache() throws Exception {
        neverAdmitsTooMany(() -> new LyingCache() {
            @Override
            public Map<SessionKey, StoredSession> get(Collection<SessionKey> asked) {
                return Map.of();
            }
        });
    }

    @Test
    void neverMoreThanTheLimitIsAdmittedWithAStaleCache() throws Exception {
        neverAdmitsTooMany(LyingCache::new);
    }

    @Test
    void neverMoreThanTheLimitIsAdmittedWithASlowCache() throws Exception {
        neverAdmitsTooMany(() -> new LyingCache() {
            @Override
            public Map<SessionKey, StoredSession> get(Collection<SessionKey> asked) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
                return super.get(asked);
            }
        });
    }

    @Test
    void neverMoreThanTheLimitIsAdmittedWithAFailingCache() throws Exception {
        neverAdmitsTooMany(() -> new SessionCache() {
            @Override
            public Map<SessionKey, StoredSession> get(Collection<SessionKey> asked) {
                throw new IllegalStateException("the cache is down");
            }

            @Override
            public void publish(Map<SessionKey, StoredSession> saved) {
                throw new IllegalStateException("the cache is down");
            }
        });
    }

    @Test
    void aRefusalFromAStaleCopyIsConfirmedByTheStore() throws Exception {
        SessionId session = session();
        LyingCache stale = new LyingCache();
        GroupCommitSessionStore a = engine(repository(), SessionCache.NONE);
        GroupCommitSessionStore b = engine(repository(), stale);
        try {
            for (int i = 0; i < LIMIT; i++) {
                assertInstanceOf(
                        AcquireOutcome.Admitted.class,
                        acquire(a, session, "s" + i).join());
            }
            stale.publish(repository().load(List.of(keys.of(session))).sessions());
            assertInstanceOf(
                    AcquireOutcome.Refused.class, acquire(b, session, "more").join());
            assertInstanceOf(
                    ReleaseOutcome.Released.class,
                    new ReleaseStream(a)
                            .release(session, new StreamId("s0"))
                            .toCompletableFuture()
                            .join());
            assertInstanceOf(
                    AcquireOutcome.Admitted.class, acquire(b, session, "more").join());
            assertEquals(LIMIT, live(a, session));
        } finally {
            a.stop();
            b.stop();
        }
    }

    @Test
    void aSaveOfUnknownOutcomeIsNotRepeated() throws Exception {
        AtomicInteger calls = new AtomicInteger();
        SessionRepository forgetful = new SavingThrough() {
            @Override
            public SavedSessions saveIfUnchanged(List<SessionSave> saves) {
                SavedSessions saved = super.saveIfUnchanged(saves);
                if (calls.getAndIncrement() % 2 == 0) {
                    throw new IllegalStateException("the connection broke after the commit");
                }
                return saved;
            }
        };
        SessionId session = session();
        GroupCommitSessionStore engine = engine(forgetful, SessionCache.NONE);
        try {
            assertFalse(acquire(engine, session, "only").join() instanceof AcquireOutcome.Refused);
            assertEquals(1, live(engine, session));
            List<CompletableFuture<AcquireOutcome>> answers = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                answers.add(acquire(engine, session, "s" + i));
            }
            assertEquals(LIMIT - 1, granted(answers));
            assertEquals(LIMIT, live(engine, session));
        } finally {
            engine.stop();
        }
    }

    @Test
    void aTransitionThatThrowsFailsOnlyItself() throws Exception {
        SessionId session = session();
        GroupCommitSessionStore engine = engine(repository(), SessionCache.NONE);
        try {
            CompletableFuture<AcquireOutcome> before = acquire(engine, session, "before");
            CompletableFuture<String> broken = engine.<String>update(session, (current, now) -> {
                        throw new UnsupportedOperationException("broken");
                    })
                    .toCompletableFuture();
            CompletableFuture<AcquireOutcome> after = acquire(engine, session, "after");
            assertInstanceOf(AcquireOutcome.Admitted.class, before.join());
            assertInstanceOf(AcquireOutcome.Admitted.class, after.join());
            assertInstanceOf(
                    UnsupportedOperationException.class,
                    assertThrows(CompletionException.class, broken::join).getCause());
            assertEquals(2, live(engine, session));
        } finally {
            engine.stop();
        }
    }

    @Test
    void aSessionOfANewerFormatFailsAloneAndStaysAsItIs() throws Exception {
        SessionId newer = session();
        SessionId neighbour = session();
        Instant now = now();
        save(new SessionSave(keys.of(newer), StoredSession.ABSENT, now, now.plusSeconds(600), 99, DOCUMENT));
        StoredSession before = held(keys.of(newer));
        GroupCommitSessionStore engine = engine(repository(), SessionCache.NONE);
        try {
            CompletableFuture<AcquireOutcome> failing = acquire(engine, newer, "one");
            CompletableFuture<AcquireOutcome> working = acquire(engine, neighbour, "one");
            assertInstanceOf(AcquireOutcome.Admitted.class, working.join());
            assertInstanceOf(
                    StoreUnavailableException.class,
                    assertThrows(CompletionException.class, failing::join).getCause());
            assertEquals(before, held(keys.of(newer)));
        } finally {
            engine.stop();
        }
    }

    /** Over one engine, then over two with a cache each, as two nodes would have. */
    private void neverAdmitsTooMany(Supplier<SessionCache> caches) throws Exception {
        for (int nodes = 1; nodes <= 2; nodes++) {
            SessionId session = session();
            List<GroupCommitSessionStore> engines = new ArrayList<>();
            try {
                for (int i = 0; i < nodes; i++) {
                    engines.add(engine(repository(), caches.get()));
                }
                List<CompletableFuture<AcquireOutcome>> answers = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    answers.add(acquire(engines.get(i % nodes), session, "s" + i));
                }
                assertEquals(LIMIT, granted(answers));
                for (GroupCommitSessionStore engine : engines) {
                    assertEquals(LIMIT, live(engine, session));
                }
            } finally {
                for (GroupCommitSessionStore engine : engines) {
                    engine.stop();
                }
            }
        }
    }

    private GroupCommitSessionStore engine(SessionRepository repository, SessionCache cache) {
        GroupCommitSessionStore engine = new GroupCommitSessionStore(repository, cache, keys, SETTINGS, Runnable::run);
        engine.start();
        return engine;
    }

    private static CompletableFuture<AcquireOutcome> acquire(SessionStore engine, SessionId session, String stream) {
        return new AcquireStream(engine, TERMS)
                .acquire(session, new StreamId(stream), Attributes.NONE)
                .toCompletableFuture();
    }

    private static long granted(List<CompletableFuture<AcquireOutcome>> answers) {
        return answers.stream()
                .map(CompletableFuture::join)
                .filter(outcome -> !(outcome instanceof AcquireOutcome.Refused))
                .count();
    }

    private static int live(SessionStore engine, SessionId session) {
        return new ListStreams(engine)
                .list(session)
                .toCompletableFuture()
                .join()
                .streams()
                .size();
    }

    private static SessionId session() {
        return new SessionId(RandomKeys.name());
    }

    private Instant now() {
        return repository().load(List.of()).now();
    }

    private boolean isAbsent(SessionKey key) {
        return repository().load(List.of(key)).sessions().isEmpty();
    }

    private StoredSession held(SessionKey key) {
        Map<SessionKey, StoredSession> sessions =
                repository().load(List.of(key)).sessions();
        assertEquals(Set.of(key), sessions.keySet());
        return sessions.values().iterator().next();
    }

    private long insert(SessionKey key) {
        return update(key, StoredSession.ABSENT, DOCUMENT);
    }

    private long update(SessionKey key, long base, String document) {
        Map<SessionKey, Long> versions = save(saveOf(key, base, document));
        assertEquals(Set.of(key), versions.keySet());
        return versions.values().iterator().next();
    }

    private Map<SessionKey, Long> save(SessionSave... saves) {
        return repository().saveIfUnchanged(List.of(saves)).versions();
    }

    private SessionSave saveOf(SessionKey key, long base, String document) {
        return saveOf(key, base, now(), document);
    }

    private static SessionSave saveOf(SessionKey key, long base, Instant decidedAt, String document) {
        return new SessionSave(key, base, decidedAt, decidedAt.plusSeconds(600), 1, document);
    }

    private static void assertSameJson(String expected, String actual) {
        JsonMapper mapper = new JsonMapper();
        try {
            assertEquals(mapper.readTree(expected), mapper.readTree(actual));
        } catch (com.fasterxml.jackson.core.JsonProcessingException e) {
            throw new AssertionError("not JSON", e);
        }
    }

    /** Tells for ever the first copy of each session that was published. */
    private static class LyingCache implements SessionCache {
        private final Map<SessionKey, StoredSession> first = new ConcurrentHashMap<>();

        @Override
        public Map<SessionKey, StoredSession> get(Collection<SessionKey> asked) {
            Map<SessionKey, StoredSession> copies = new ConcurrentHashMap<>(first);
            copies.keySet().retainAll(asked);
            return copies;
        }

        @Override
        public void publish(Map<SessionKey, StoredSession> saved) {
            saved.forEach(first::putIfAbsent);
        }
    }

    /** The store under test, to be tampered with. */
    private class SavingThrough implements SessionRepository {
        @Override
        public LoadedSessions load(Collection<SessionKey> asked) {
            return repository().load(asked);
        }

        @Override
        public SavedSessions saveIfUnchanged(List<SessionSave> saves) {
            return repository().saveIfUnchanged(saves);
        }
    }
}
