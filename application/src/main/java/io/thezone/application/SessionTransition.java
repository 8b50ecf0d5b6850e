package io.thezone.application;

import io.thezone.domain.Session;
import io.thezone.domain.Step;
import java.time.Instant;

/**
 * A function from the state of a session to the next state and an outcome. Pure: it may run more than once, on different states
 * and times, and only the last run counts. A run may find that an earlier run was saved although its acknowledgement was lost, so
 * it first looks whether its own stream is already there.
 */
@FunctionalInterface
public interface SessionTransition<R> {
    /**
     * Decides on the current state.
     *
     * @param current the state of the session
     * @param now the store's time: never later than the true time, never before the session's last change
     */
    Step<R> apply(Session current, Instant now);
}
