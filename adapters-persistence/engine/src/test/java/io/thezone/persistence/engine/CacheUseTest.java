package io.thezone.persistence.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** When a cache is worth asking. */
class CacheUseTest {
    private static final int BATCHES = 1_700;

    private final CacheUse use = new CacheUse();

    @Test
    void aCacheIsUsedUntilMoreIsKnown() {
        assertEquals(BATCHES, timesUsed());
    }

    @Test
    void aCacheThatIsQuickerThanTheStoreIsUsed() {
        measure(10, 20, 10, 10);
        assertEquals(BATCHES, timesUsed());
    }

    @Test
    void aCacheThatIsSlowerThanTheStoreIsTriedNowAndThen() {
        measure(20, 10, 10, 10);
        assertEquals(BATCHES / 17, timesUsed());
    }

    @Test
    void aCacheWhoseCopiesLeadToNoChangeIsTriedNowAndThen() {
        measure(10, 20, 10, 0);
        assertEquals(BATCHES / 17, timesUsed());
    }

    @Test
    void aCacheThatHadNothingYetIsNotHeldToBeOfNoUse() {
        measure(10, 20, 0, 0);
        assertEquals(BATCHES, timesUsed());
    }

    @Test
    void aStoreThatBecomesSlowBringsTheCacheBack() {
        measure(20, 10, 10, 10);
        measure(20, 1_000, 10, 10);
        assertTrue(use.isWorthwhile());
    }

    private void measure(int asking, int loading, int held, int changes) {
        for (int i = 0; i < 100; i++) {
            use.asked(10, asking * 10L, held, changes);
            use.loaded(10, loading * 10L);
        }
    }

    private long timesUsed() {
        return IntStream.range(0, BATCHES).filter(i -> use.isWorthwhile()).count();
    }
}
