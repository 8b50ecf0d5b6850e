package io.thezone.persistence.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RecentSavesTest {
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 500);
    private final RecentSaves saves = new RecentSaves(nanos::get);

    @Test
    void whatWasCountedIsForgottenAfterAWhileBitByBit() {
        saves.taken(1);
        pass(Duration.ofMillis(1_500));
        saves.taken(2);
        saves.failed(3);
        assertEquals(new SaveCounts(3, 3), saves.counts());
        pass(Duration.ofMillis(1_600));
        assertEquals(new SaveCounts(2, 3), saves.counts());
        pass(Duration.ofHours(1));
        assertEquals(new SaveCounts(0, 0), saves.counts());
    }

    @Test
    void savesAreFailingWhereManyFailAndAtLeastAsManyAsAreTaken() {
        assertFalse(new SaveCounts(0, 9).areFailing());
        assertTrue(new SaveCounts(4, 222).areFailing());
        assertTrue(new SaveCounts(10, 10).areFailing());
        assertFalse(new SaveCounts(1_000, 10).areFailing());
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
