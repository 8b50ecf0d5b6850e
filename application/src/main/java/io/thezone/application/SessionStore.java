package io.thezone.application;

import io.thezone.domain.SessionId;
import java.util.concurrent.CompletionStage;

/** Stores sessions and makes transitions atomic: two transitions of one session never overlap, not even on different nodes. */
public interface SessionStore {
    /**
     * Applies the transition to the session and saves the next state.
     *
     * @return completes with the outcome once the next state is durable; if the state did not change, once the store has confirmed
     *     the state on which the outcome was decided. Fails with {@link OverloadedException} if nothing was changed, and with
     *     {@link StoreUnavailableException}, which says whether something may have been changed. Any other failure is a defect, and
     *     nothing was changed
     */
    <R> CompletionStage<R> update(SessionId id, SessionTransition<R> transition);
}
