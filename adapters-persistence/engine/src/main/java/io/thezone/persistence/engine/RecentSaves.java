package io.thezone.persistence.engine;

import java.time.Duration;
import java.util.function.LongSupplier;

/** Counts the saved and the failed sessions of the last {@link #SPAN}, in slots of a second. Thread-safe. */
final class RecentSaves {
    static final Duration SPAN = Duration.ofSeconds(3);

    private static final int SLOTS = 3;
    private static final long SLOT_NANOS = SPAN.toNanos() / SLOTS;

    private final LongSupplier nanoTime;
    private final long[] taken = new long[SLOTS];
    private final long[] failed = new long[SLOTS];
    private final long began;
    private long latest;

    /** @param nanoTime the monotonic clock */
    RecentSaves(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.began = nanoTime.getAsLong();
    }

    /** @param sessions how many were saved, or lost a race to another save */
    synchronized void taken(int sessions) {
        forget();
        taken[(int) (latest % SLOTS)] += sessions;
    }

    /** @param sessions how many the store failed to save */
    synchronized void failed(int sessions) {
        forget();
        failed[(int) (latest % SLOTS)] += sessions;
    }

    synchronized SaveCounts counts() {
        forget();
        return new SaveCounts(sum(taken), sum(failed));
    }

    private void forget() {
        long now = slot();
        for (long next = Math.max(latest + 1, now - SLOTS + 1); next <= now; next++) {
            taken[(int) (next % SLOTS)] = 0;
            failed[(int) (next % SLOTS)] = 0;
        }
        latest = now;
    }

    private long slot() {
        return (nanoTime.getAsLong() - began) / SLOT_NANOS;
    }

    private static long sum(long[] slots) {
        long sum = 0;
        for (long slot : slots) {
            sum += slot;
        }
        return sum;
    }
}
