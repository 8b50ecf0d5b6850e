package io.thezone.bootstrap;

import java.util.function.LongSupplier;

/** How many bytes of log may still be written: a token bucket that holds what is allowed in a second. */
final class LogBudget {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final long bytesPerSecond;
    private final LongSupplier nanoTime;
    private long available;
    private long refilledAt;

    LogBudget(long bytesPerSecond, LongSupplier nanoTime) {
        this.bytesPerSecond = bytesPerSecond;
        this.nanoTime = nanoTime;
        this.available = bytesPerSecond;
        this.refilledAt = nanoTime.getAsLong();
    }

    /** @return whether they may be written; what is taken beyond what is there delays those that follow */
    synchronized boolean take(long bytes) {
        refill();
        if (available <= 0) {
            return false;
        }
        available -= bytes;
        return true;
    }

    private void refill() {
        long now = nanoTime.getAsLong();
        long earned = (long) ((double) (now - refilledAt) / NANOS_PER_SECOND * bytesPerSecond);
        if (earned > 0) {
            available = Math.min(bytesPerSecond, available + earned);
            refilledAt = now;
        }
    }
}
