package io.thezone.persistence.hazelcast;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.hazelcast.map.EntryProcessor;
import com.hazelcast.map.IMap;
import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.StoredSession;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** If the member hangs, a read fails after the time limit, at most once a second, and publishing does not wait. */
@Timeout(60)
class HazelcastTimeLimitTest {
    private static final Duration TIME_LIMIT = Duration.ofMillis(30);

    /** Generous for a busy machine, but far shorter than a wait for the member would be. */
    private static final Duration GENEROUS = Duration.ofSeconds(1);

    private static CacheUnderTest member;
    private static IMap<String, StoredSession> map;
    private static SessionCache cache;

    private final SessionKey key = new SessionKey(1, ThreadLocalRandom.current().nextLong());

    @BeforeAll
    static void startMember() throws Exception {
        member = new CacheUnderTest(TIME_LIMIT);
        map = member.copies();
        cache = member.cache();
    }

    @AfterAll
    static void stopMember() {
        member.close();
    }

    @BeforeEach
    void publishACopy() {
        map.set(HazelcastSessionCache.name(key), copy(1));
    }

    @AfterEach
    void releaseTheMember() {
        Blocking.release();
    }

    @Test
    void aReadThatIsTooSlowFailsAndTheCacheIsNotReadForASecond() {
        eventually(() -> Map.of(key, copy(1)).equals(cache.get(List.of(key))));
        blockTheMember();
        long start = System.nanoTime();
        assertThrows(IllegalStateException.class, () -> cache.get(List.of(key)));
        long late = System.nanoTime();
        assertTrue(late - start >= TIME_LIMIT.toNanos());
        assertTrue(late - start < GENEROUS.toNanos());
        IllegalStateException paused = assertThrows(IllegalStateException.class, () -> cache.get(List.of(key)));
        assertEquals("was too slow, and is not read for a while", paused.getMessage());
        Blocking.release();
        assertEquals(copy(1), map.get(HazelcastSessionCache.name(key)));
        eventually(() -> !cache.get(List.of(key)).isEmpty());
        assertTrue(System.nanoTime() - start >= HazelcastSessionCache.PAUSE.toNanos());
    }

    @Test
    void theFirstSlowReadsAreMadeAtStartBeforeAnyRequest() {
        AtomicInteger reads = new AtomicInteger();
        ExecutorService cold = new ThreadPoolExecutor(0, 8, 1, TimeUnit.SECONDS, new SynchronousQueue<>()) {
            @Override
            protected void beforeExecute(Thread thread, Runnable task) {
                if (reads.incrementAndGet() == 1) {
                    LockSupport.parkNanos(2 * GENEROUS.toNanos());
                }
            }
        };
        try {
            HazelcastSessionCache starting = member.cold(GENEROUS, cold);
            starting.start();
            assertEquals(Map.of(key, copy(1)), starting.get(List.of(key)));
            assertTrue(reads.get() > 2);
        } finally {
            cold.shutdown();
        }
    }

    @Test
    void allReadsOfABatchShareTheTimeLimit() {
        blockTheMember();
        List<SessionKey> keys = ThreadLocalRandom.current()
                .longs(200)
                .mapToObj(random -> new SessionKey(2, random))
                .toList();
        long start = System.nanoTime();
        assertThrows(IllegalStateException.class, () -> cache.get(keys));
        assertTrue(System.nanoTime() - start < GENEROUS.toNanos());
    }

    @Test
    void publishingReturnsWhileTheMemberHangsAndDropsExcessCopies() {
        blockTheMember();
        int tooMany = Publisher.MAX_WAITING + 1_000;
        long start = System.nanoTime();
        for (int i = 0; i < 2 * tooMany; i++) {
            cache.publish(Map.of(new SessionKey(3, i), copy(1)));
        }
        assertTrue(System.nanoTime() - start < GENEROUS.toNanos());
        assertTrue(Blocking.isBlocked());
        Blocking.release();
        StoredSession next = copy(100_000);
        eventually(() -> {
            cache.publish(Map.of(key, next));
            return next.equals(map.get(HazelcastSessionCache.name(key)));
        });
        assertTrue(map.size() < 2 * tooMany, "what was too much was dropped");
    }

    private void blockTheMember() {
        map.submitToKey(HazelcastSessionCache.name(key), new Blocking());
        eventually(Blocking::isBlocked);
    }

    private static StoredSession copy(long version) {
        return new StoredSession(version, 1, "{}");
    }

    private static void eventually(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!holds(condition)) {
            assertFalse(System.nanoTime() - end > 0, "it never happened");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
        }
    }

    /** @return false also if a read was too slow, as any may be on a busy machine */
    private static boolean holds(BooleanSupplier condition) {
        try {
            return condition.getAsBoolean();
        } catch (IllegalStateException e) {
            return false;
        }
    }

    /** Blocks the thread of a partition until it is released. */
    private static final class Blocking implements EntryProcessor<String, StoredSession, @Nullable Void> {
        private static final long serialVersionUID = 1L;

        private static volatile CountDownLatch blocked = new CountDownLatch(1);
        private static volatile CountDownLatch released = new CountDownLatch(1);

        Blocking() {
            beginHolding();
        }

        private static void beginHolding() {
            blocked = new CountDownLatch(1);
            released = new CountDownLatch(1);
        }

        static boolean isBlocked() {
            return blocked.getCount() == 0 && released.getCount() > 0;
        }

        static void release() {
            released.countDown();
        }

        @Override
        public @Nullable Void process(Map.Entry<String, StoredSession> entry) {
            blocked.countDown();
            try {
                if (!released.await(40, TimeUnit.SECONDS)) {
                    throw new IllegalStateException("the test did not release the thread");
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            return null;
        }
    }
}
