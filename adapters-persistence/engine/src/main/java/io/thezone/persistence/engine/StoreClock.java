package io.thezone.persistence.engine;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The store's time between its answers: the last that it told plus the monotonic time since then. A lower bound, because the
 * answer took its time to arrive.
 */
final class StoreClock {
    /** Beyond this the drift between two machines' oscillators could make the bound a lie. */
    private static final Duration MAX_AGE = Duration.ofSeconds(5);

    private record Reading(Instant storeTime, long receivedAt) {}

    private final LongSupplier nanoTime;
    private volatile Reading last;

    StoreClock(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.last = new Reading(Instant.EPOCH, nanoTime.getAsLong() - 2 * MAX_AGE.toNanos());
    }

    void told(Instant storeTime) {
        last = new Reading(storeTime, nanoTime.getAsLong());
    }

    /** Empty when the store has not answered for a while. */
    Optional<Instant> now() {
        Reading reading = last;
        long elapsed = nanoTime.getAsLong() - reading.receivedAt();
        return elapsed > MAX_AGE.toNanos()
                ? Optional.empty()
                : Optional.of(reading.storeTime().plusNanos(elapsed).truncatedTo(ChronoUnit.MICROS));
    }
}
