package io.thezone.persistence.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Estimates the store's time between its answers: the last time observed plus the monotonic time since then. The estimate is a
 * lower bound, because the answer took some time to arrive. Thread-safe.
 */
final class StoreClock {
    /** Beyond this age the clocks of the two machines may have drifted so far apart that the estimate is no lower bound. */
    private static final Duration MAX_AGE = Duration.ofSeconds(5);

    private record Reading(Instant storeTime, long receivedAt) {}

    private final LongSupplier nanoTime;
    private volatile Reading last;

    /** @param nanoTime the monotonic clock */
    StoreClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.last = new Reading(Instant.EPOCH, nanoTime.getAsLong() - 2 * MAX_AGE.toNanos());
    }

    void observed(Instant storeTime) {
        last = new Reading(storeTime, nanoTime.getAsLong());
    }

    /** Empty if the store has not answered for {@link #MAX_AGE}. */
    Optional<Instant> now() {
        Reading reading = last;
        long elapsed = nanoTime.getAsLong() - reading.receivedAt();
        return elapsed > MAX_AGE.toNanos()
                ? Optional.empty()
                : Optional.of(reading.storeTime().plusNanos(elapsed).truncatedTo(ChronoUnit.MICROS));
    }
}
