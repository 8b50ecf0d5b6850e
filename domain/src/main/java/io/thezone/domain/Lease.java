package io.thezone.domain;

import java.time.Duration;

/**
 * How long a stream lives without a heartbeat, and how often players send one.
 *
 * @param duration longer than two heartbeats, so that one may get lost; at most {@link #MAX_DURATION}
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
}
