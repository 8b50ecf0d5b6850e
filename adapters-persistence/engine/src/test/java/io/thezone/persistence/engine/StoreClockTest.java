package io.thezone.persistence.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.domain.Session;
import io.thezone.persistence.spi.TimeLimits;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class StoreClockTest {
    private static final Instant OBSERVED = Instant.parse("2026-01-01T00:00:00Z");

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final StoreClock clock = new StoreClock(nanos::get);

    @Test
    void itDoesNotKnowTheTimeBeforeTheStoreAnswers() {
        assertEquals(Optional.empty(), clock.now());
    }

    @Test
    void itContinuesFromTheTimeObserved() {
        clock.observed(OBSERVED);
        assertEquals(Optional.of(OBSERVED), clock.now());
        nanos.addAndGet(TimeUnit.MILLISECONDS.toNanos(1_500));
        assertEquals(Optional.of(OBSERVED.plusMillis(1_500)), clock.now());
    }

    @Test
    void itNeverRoundsUp() {
        clock.observed(OBSERVED);
        nanos.addAndGet(1_999);
        assertEquals(Optional.of(OBSERVED.plusNanos(1_000)), clock.now());
    }

    @Test
    void itForgetsTheTimeAfterFiveSeconds() {
        clock.observed(OBSERVED);
        nanos.addAndGet(TimeUnit.SECONDS.toNanos(5));
        assertEquals(Optional.of(OBSERVED.plusSeconds(5)), clock.now());
        nanos.incrementAndGet();
        assertEquals(Optional.empty(), clock.now());
    }

    /** Or a node that was paused could save what it takes for a step of the clock. */
    @Test
    void aStepThatIsNoticedIsLargerThanTheAgeOfADecisionThatIsSaved() {
        assertTrue(Session.MAX_SKEW.compareTo(TimeLimits.DECISION_AGE) > 0);
    }
}
