package io.thezone.rest;

import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.ExhaustedRule;
import io.thezone.domain.StreamQuota;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.LongSupplier;

/** The last refusals of this node, for whoever asks why: a ring, so that it costs the same however many there are. */
public final class RefusalLog {
    private final AtomicReferenceArray<Entry> ring;
    private final long memoryNanos;
    private final LongSupplier nanoTime;
    private final AtomicLong count = new AtomicLong();

    /**
     * A refusal and what it was decided on.
     *
     * @param plan as it was then
     * @param decidedAt by the store's clock
     * @param addedAt in nanoseconds of the monotonic clock
     */
    record Entry(String id, StreamQuota plan, ExhaustedRule rule, Instant decidedAt, long addedAt) {}

    /**
     * @param capacity how many refusals are kept, at least 1
     * @param memory for how long one is kept at most
     */
    public RefusalLog(int capacity, Duration memory) {
        this(capacity, memory, System::nanoTime);
    }

    RefusalLog(int capacity, Duration memory, LongSupplier nanoTime) {
        this.ring = new AtomicReferenceArray<>(capacity);
        this.memoryNanos = memory.toNanos();
        this.nanoTime = nanoTime;
    }

    /** @return the id of the decision; whoever has not seen it cannot guess it */
    String add(StreamQuota plan, AcquireOutcome.Refused refused) {
        long number = count.getAndIncrement();
        String id = Long.toHexString(number) + "-"
                + Long.toHexString(ThreadLocalRandom.current().nextLong());
        ring.set(place(number), new Entry(id, plan, refused.rule(), refused.decidedAt(), nanoTime.getAsLong()));
        return id;
    }

    /** Empty if the decision was another node's, or is forgotten. */
    Optional<Entry> find(String id) {
        return number(id)
                .map(number -> ring.get(place(number)))
                .filter(entry -> entry.id().equals(id) && nanoTime.getAsLong() - entry.addedAt() < memoryNanos);
    }

    private int place(long number) {
        return (int) Math.floorMod(number, (long) ring.length());
    }

    private static Optional<Long> number(String id) {
        try {
            return Optional.of(Long.parseLong(id, 0, Math.max(0, id.indexOf('-')), 16));
        } catch (NumberFormatException e) {
            return Optional.empty();
        }
    }
}
