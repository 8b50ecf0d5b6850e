package io.thezone.gateway;

import java.time.Duration;
import java.time.Instant;

/** The header that says after how many seconds a retry may succeed (RFC 9110, section 10.2.3). */
public final class RetryAfter {
    public static final String NAME = "Retry-After";

    /** Where nothing was decided: the store, or the queue, may be well again a moment later. */
    public static final String AT_ONCE = "1";

    private RetryAfter() {}

    /** Whole seconds, rounded up, at least 1. */
    public static String seconds(Instant now, Instant then) {
        return Long.toString(
                Math.max(1, Duration.between(now, then).plusNanos(999_999_999).toSeconds()));
    }
}
