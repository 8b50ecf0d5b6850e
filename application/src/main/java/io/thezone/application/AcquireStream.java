package io.thezone.application;

import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.Lease;
import io.thezone.domain.SessionId;
import io.thezone.domain.StreamQuota;
import io.thezone.domain.StreamRequest;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The use case in which a session asks for one more stream, or for one that it already holds. */
public final class AcquireStream {
    private final SessionStore store;
    private final Lease lease;

    public AcquireStream(SessionStore store, Lease lease) {
        this.store = store;
        this.lease = lease;
    }

    /**
     * Decides the request and saves the result.
     *
     * @param plan applies to this request even if plans are reloaded meanwhile; without one a session may only continue a stream
     *     that it holds
     * @see SessionStore#update for how the stage fails
     */
    public CompletionStage<AcquireOutcome> acquire(
            SessionId session, StreamRequest request, Optional<StreamQuota> plan) {
        return plan.isPresent()
                ? store.update(session, (current, now) -> current.acquire(request, plan.get(), lease, now))
                : store.update(session, (current, now) -> current.continueWithoutPlan(request, lease, now));
    }
}
