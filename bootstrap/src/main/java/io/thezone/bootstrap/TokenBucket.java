package io.thezone.bootstrap;

import java.util.function.LongSupplier;

/** A token bucket of bytes: holds at most as many as are added in one second. */
final class TokenBucket {
    private static final long NANOS_PER_SECOND = 1_000_000_000;

    private final long bytesPerSecond;
    private final LongSupplier nanoTime;
    private long available;
    private long refilledAt;

    TokenBucket(long bytesPerSecond, LongSupplier nanoTime) {
        this.bytesPerSecond = bytesPerSecond;
        this.nanoTime = nanoTime;
        this.available = bytesPerSecond;
        this.refilledAt = nanoTime.getAsLong();
    }

    /**
     * Consumes tokens if any are left. It may consume more than are left; then nothing passes until the debt is paid.
     *
     * @return false if none are left, and nothing was consumed
     */
    synchronized boolean tryConsume(long bytes) {
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
