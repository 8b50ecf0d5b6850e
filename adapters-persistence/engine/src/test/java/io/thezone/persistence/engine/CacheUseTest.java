package io.thezone.persistence.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** When a cache is worth asking. */
class CacheUseTest {
    private static final int BATCHES = 1_700;
    private static final int SESSIONS = 10;

    private final LogLines log = new LogLines(CacheUse.class);
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final CacheUse use = new CacheUse(nanos::get);

    @AfterEach
    void stopListening() {
        log.close();
    }

    @Test
    void aCacheIsUsedUntilItWasAskedFiftyTimes() {
        assertEquals(BATCHES, timesUsed());
        measure(49, 20, 10, SESSIONS);
        assertEquals(BATCHES, timesUsed());
        measure(1, 20, 10, SESSIONS);
        assertEquals(BATCHES / 17, timesUsed());
    }

    @Test
    void aCacheThatIsFasterThanTheStoreIsUsed() {
        measure(100, 10, 20, SESSIONS);
        assertEquals(BATCHES, timesUsed());
        assertTrue(use.pays());
    }

    @Test
    void aCacheThatTakesAsLongAsItSparesIsUsed() {
        measure(100, 10, 10, SESSIONS);
        assertEquals(BATCHES, timesUsed());
    }

    @Test
    void aCacheThatIsSlowerThanTheStoreIsTriedByOneBatchInSeventeen() {
        measure(100, 20, 10, SESSIONS);
        assertEquals(BATCHES / 17, timesUsed());
        assertFalse(use.pays());
    }

    @Test
    void aCacheThatNeverSparesALoadIsTriedByOneBatchInSeventeen() {
        measure(100, 10, 1_000, 0);
        assertEquals(BATCHES / 17, timesUsed());
    }

    @Test
    void aCacheThatMissesTooOftenForItsTimeIsTriedByOneBatchInSeventeen() {
        measure(100, 10, 45, 2);
        assertEquals(BATCHES / 17, timesUsed());
        measure(100, 10, 55, 2);
        assertEquals(BATCHES, timesUsed());
    }

    @Test
    void aCacheThatWasEmptyIsUsedOnceItSparesLoads() {
        measure(100, 10, 20, 0);
        assertFalse(use.pays());
        measure(10, 10, 20, SESSIONS);
        assertTrue(use.pays());
    }

    @Test
    void aStoreThatBecomesSlowBringsTheCacheBack() {
        measure(100, 20, 10, SESSIONS);
        measure(100, 20, 1_000, SESSIONS);
        assertEquals(BATCHES, timesUsed());
    }

    @Test
    void oneLineIsLoggedForEachChangeAndNoMoreThanOneAMinute() {
        use.nextBatch();
        measure(200, 20_000, 10_000, SESSIONS);
        use.nextBatch();
        use.nextBatch();
        measure(200, 20_000, 50_000, SESSIONS / 2);
        use.nextBatch();
        nanos.addAndGet(CacheUse.LOG_PAUSE.toNanos() - 1);
        use.nextBatch();
        assertEquals(
                List.of("the cache is used by one batch in 17 only: asking it takes 20 µs for each session and spares"
                        + " 100 % of the loads, which take 10 µs"),
                log.get());
        nanos.incrementAndGet();
        use.nextBatch();
        assertEquals(
                "the cache is used by every batch: asking it takes 20 µs for each session and spares 50 % of the loads,"
                        + " which take 50 µs",
                log.get().get(1));
    }

    /** @param asking and loading, in nanoseconds for each session */
    private void measure(int times, int asking, int loading, int sparedLoads) {
        for (int i = 0; i < times; i++) {
            use.asked(SESSIONS, (long) asking * SESSIONS, sparedLoads);
            use.loaded(SESSIONS, (long) loading * SESSIONS);
        }
    }

    private long timesUsed() {
        return IntStream.range(0, BATCHES).filter(i -> use.nextBatch()).count();
    }
}
