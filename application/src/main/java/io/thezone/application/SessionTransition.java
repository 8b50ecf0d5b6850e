package io.thezone.application;

import io.thezone.domain.Session;
import io.thezone.domain.Step;
import java.time.Instant;

/**
 * What a use case makes of a session. Pure: it may be run more than once, on different states and times, and only the last
 * run counts. A run may meet the effect of an earlier one whose fate was unknown, so it looks first whether its own stream is
 * already there.
 */
@FunctionalInterface
public interface SessionTransition<R> {
    /**
     * @param current what the session holds
     * @param now the store's time, never later than the truth and never before the session's last change
     */
    Step<R> apply(Session current, Instant now);
}
