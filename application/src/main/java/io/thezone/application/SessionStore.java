package io.thezone.application;

import io.thezone.domain.SessionId;
import java.util.concurrent.CompletionStage;

/** Keeps sessions and makes transitions atomic: two of one session never overlap, on whatever nodes they are asked for. */
public interface SessionStore {
    /**
     * Applies the transition to the session and saves what it becomes.
     *
     * @return completes with the outcome once the next state is durable, or once the outcome of an unchanged session is
     *     confirmed by the store; fails with {@link OverloadedException} when nothing was changed and with
     *     {@link StoreUnavailableException}, which says whether something may have been; any other failure is a defect, and
     *     nothing was changed
     */
    <R> CompletionStage<R> update(SessionId id, SessionTransition<R> transition);
}
