package io.thezone.domain;

import java.time.Duration;
import java.time.Instant;

/**
 * For how long a stream lives on without a sign of life, and how often players are told to give one.
 *
 * @param duration more than two heartbeats, so that one may get lost; at most {@link #MAX_DURATION}
 * @param heartbeat at least {@link #MIN_HEARTBEAT}
 */
public record Lease(Duration duration, Duration heartbeat) {
    public static final Duration MIN_HEARTBEAT = Duration.ofSeconds(1);
    public static final Duration MAX_DURATION = Duration.ofDays(1);

    /** @throws IllegalArgumentException naming what is out of bounds */
    public Lease {
        if (heartbeat.compareTo(MIN_HEARTBEAT) < 0) {
            throw new IllegalArgumentException("the heartbeat must be at least 1 s");
        }
        if (duration.compareTo(MAX_DURATION) > 0) {
            throw new IllegalArgumentException("the lease must be at most 24 h");
        }
        if (duration.compareTo(heartbeat.multipliedBy(2)) <= 0) {
            throw new IllegalArgumentException("the lease must be longer than two heartbeats");
        }
    }

    /**
     * Whether nobody seems to watch any more: the next beat that had to be saved is overdue by a heartbeat. Players that beat in
     * time, and may lose one beat, never look dead.
     */
    public boolean looksDead(Stream stream, Instant now) {
        Duration early = Duration.between(stream.lastSeenAt(), lastEarlyBeat(stream));
        long beats = early.isNegative() ? 1 : early.dividedBy(heartbeat) + 1;
        return now.isAfter(stream.lastSeenAt().plus(heartbeat.multipliedBy(beats + 1)));
    }

    /**
     * Whether a beat at {@code now} may leave the stored expiry as it is: at least 2.5 heartbeats are left, so that the next
     * beat comes in time even when one gets lost.
     */
    boolean isEarly(Stream stream, Instant now) {
        return !now.isAfter(lastEarlyBeat(stream));
    }

    private Instant lastEarlyBeat(Stream stream) {
        return stream.expiresAt().minus(heartbeat.multipliedBy(5).dividedBy(2));
    }
}
