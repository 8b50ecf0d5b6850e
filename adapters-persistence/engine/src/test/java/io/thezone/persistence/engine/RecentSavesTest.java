package io.thezone.persistence.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
    void failuresThatFollowAPauseAreCounted() {
        saves.failed(3);
        pass(Duration.ofMillis(3_100));
        saves.failed(2);
        assertEquals(new SaveCounts(0, 2), saves.counts());
    }

    @Test
    void aSaveCountsForMoreThanTwoSecondsWheneverTheCountingBegan() {
        nanos.set(Duration.ofMillis(700).toNanos());
        RecentSaves begun = new RecentSaves(nanos::get);
        begun.taken(1);
        pass(Duration.ofMillis(2_900));
        assertEquals(new SaveCounts(1, 0), begun.counts());
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }
}
