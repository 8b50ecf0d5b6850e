package io.thezone.persistence.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import io.thezone.domain.RenewOutcome;
import io.thezone.domain.SessionId;
import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.SessionRepository;
import io.thezone.persistence.spi.StoredSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The rules of {@link SessionCache}. A copy may appear late, so the tests wait for it. A cache's own test implements this and says
 * how the cache is opened.
 */
public interface SessionCacheContract {
    Duration LIMIT = Duration.ofSeconds(20);
    int SESSIONS_OF_A_BATCH = 20;

    /** The cache under test; may be the same for all tests. */
    SessionCache cache();

    /** A store that keeps its contract. */
    SessionRepository repository();

    @Test
    default void neverMoreThanTheLimitIsAdmittedByNodesThatShareIt() {
        EngineOverCache.neverAdmitsTooMany(repository(), cache(), cache());
    }

    @Test
    default void noAnswerOfNodesThatShareItIsWrong() {
        EngineOverCache.noAnswerIsWrong(repository(), cache(), cache());
    }

    @Test
    default void publishedCopiesAreReadBack() {
        SessionKey one = RandomKeys.next();
        SessionKey other = RandomKeys.next();
        cache().publish(Map.of(one, copy(1), other, copy(2)));
        awaitCopy(one, copy(1));
        awaitCopy(other, copy(2));
    }

    @Test
    default void aNewerVersionReplacesAnOlder() {
        SessionKey key = RandomKeys.next();
        cache().publish(Map.of(key, copy(1)));
        awaitCopy(key, copy(1));
        cache().publish(Map.of(key, copy(2)));
        awaitCopy(key, copy(2));
    }

    @Test
    default void anOlderVersionThatComesLateDoesNotReplaceANewer() {
        SessionKey key = RandomKeys.next();
        cache().publish(Map.of(key, copy(3)));
        awaitCopy(key, copy(3));
        cache().publish(Map.of(key, copy(1)));
        cache().publish(Map.of(key, copy(2)));
        staysAt(key, copy(3));
    }

    @Test
    default void theNewestWinsHoweverManyThreadsPublishInWhateverOrder() throws Exception {
        List<SessionKey> keys = RandomKeys.sorted(10);
        Concurrently.call(8, thread -> () -> {
            List<Long> versions =
                    new ArrayList<>(LongStream.rangeClosed(1, 40).boxed().toList());
            Collections.shuffle(versions, new Random(thread));
            for (long version : versions) {
                for (SessionKey key : keys) {
                    cache().publish(Map.of(key, copy(version)));
                }
            }
            return thread;
        });
        for (SessionKey key : keys) {
            await(() -> cache().publish(Map.of(key, copy(40))), key, copy(40));
            staysAt(key, copy(40));
        }
    }

    @Test
    default void manyCopiesAreReadBackEachUnderItsOwnKey() {
        List<SessionKey> keys = RandomKeys.sorted(200);
        Map<SessionKey, StoredSession> copies = new HashMap<>();
        keys.forEach(key -> copies.put(key, copy(copies.size() + 1L)));
        cache().publish(copies);
        copies.forEach(this::awaitCopy);
        assertEquals(copies, cache().get(keys));
        assertEquals(Map.of(), cache().get(List.of()));
    }

    @Test
    default void aDroppedCopyGivesWayToALowerVersion() {
        SessionKey key = RandomKeys.next();
        cache().publish(Map.of(key, copy(5)));
        awaitCopy(key, copy(5));
        cache().drop(List.of(key, RandomKeys.next()));
        cache().publish(Map.of(key, copy(3)));
        awaitCopy(key, copy(3));
    }

    @Test
    default void aCopyOfWhatTheStoreHasLostIsReplacedAfterTheFirstSaveThatItMakesFail() {
        SessionId session = Node.newSession();
        SessionKey key = Node.key(session);
        try (Node node = new Node(repository(), cache(), Node.LEASE_OF_SAVED_HEARTBEATS)) {
            node.acquire(session, "one");
            StoredSession held = held(key);
            StoredSession lost = new StoredSession(held.version() + 1_000, held.format(), held.document());
            await(() -> cache().publish(Map.of(key, lost)), key, lost);
            assertInstanceOf(RenewOutcome.Renewed.class, node.renew(session, "one"));
            awaitCopy(key, held(key));
        }
    }

    /** A newer version of the service leaves such a copy behind when nodes go back to this one. */
    @Test
    default void aCopyThatThisVersionCannotReadSendsItsSessionToTheStoreAndNoneOfItsBatch() {
        List<SessionId> sessions =
                Stream.generate(Node::newSession).limit(SESSIONS_OF_A_BATCH).toList();
        SessionKey unreadable = Node.key(sessions.get(SESSIONS_OF_A_BATCH / 2));
        try (Node before = new Node(repository(), cache(), Node.LEASE_OF_SAVED_HEARTBEATS)) {
            for (SessionId session : sessions) {
                before.acquire(session, "one");
                awaitCopy(Node.key(session), held(Node.key(session)));
            }
        }
        StoredSession ofNewerVersion = new StoredSession(held(unreadable).version(), 99, "{}");
        cache().publish(Map.of(unreadable, ofNewerVersion));
        awaitCopy(unreadable, ofNewerVersion);

        CountDownLatch open = new CountDownLatch(1);
        HeldCache held = new HeldCache(cache(), open);
        Set<SessionKey> loaded = ConcurrentHashMap.newKeySet();
        TamperedStore store = new TamperedStore(repository()) {
            @Override
            void beforeLoad(Collection<SessionKey> keys) {
                loaded.addAll(keys);
            }
        };
        try (Node node = new Node(store, held, Node.LEASE_OF_SAVED_HEARTBEATS)) {
            node.streams(Node.newSession());
            loaded.clear();
            List<CompletableFuture<RenewOutcome>> heartbeats =
                    sessions.stream().map(it -> node.renewing(it, "one")).toList();
            open.countDown();
            heartbeats.forEach(it -> assertInstanceOf(RenewOutcome.Renewed.class, it.join()));
            assertTrue(held.batches.stream().anyMatch(it -> it.contains(unreadable) && it.size() > 1));
            assertEquals(Set.of(unreadable), loaded);
            awaitCopy(unreadable, held(unreadable));
        }
    }

    private StoredSession held(SessionKey key) {
        return Objects.requireNonNull(repository().load(List.of(key)).sessions().get(key));
    }

    @Test
    default void absentKeysAreAbsent() {
        SessionKey held = RandomKeys.next();
        SessionKey absent = RandomKeys.next();
        cache().publish(Map.of(held, copy(1)));
        awaitCopy(held, copy(1));
        assertEquals(Map.of(), cache().get(List.of(absent)));
        assertEquals(Map.of(held, copy(1)), cache().get(List.of(held, absent)));
    }

    private static StoredSession copy(long version) {
        return new StoredSession(version, 1, "{\"version\":" + version + "}");
    }

    private void staysAt(SessionKey key, StoredSession expected) {
        for (int i = 0; i < 50; i++) {
            assertEquals(expected, read(key).getOrDefault(key, expected));
        }
    }

    /** Asks again for a while: a cache may fail or answer with less. */
    private void awaitCopy(SessionKey key, StoredSession expected) {
        await(() -> {}, key, expected);
    }

    /** @param first runs before each look: a cache under pressure may drop what is published */
    private void await(Runnable first, SessionKey key, StoredSession expected) {
        long end = System.nanoTime() + LIMIT.toNanos();
        while (System.nanoTime() - end < 0) {
            first.run();
            if (expected.equals(read(key).get(key))) {
                return;
            }
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
        fail("the copy did not appear: " + expected);
    }

    private Map<SessionKey, StoredSession> read(SessionKey key) {
        try {
            return cache().get(List.of(key));
        } catch (IllegalStateException e) {
            return Map.of();
        }
    }
}
