package io.thezone.application;

import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.Lease;
import io.thezone.domain.SessionId;
import io.thezone.domain.StreamQuota;
import io.thezone.domain.StreamRequest;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** A session wants to watch one more stream, or to go on with one that it holds. */
public final class AcquireStream {
    private final SessionStore store;
    private final Lease lease;

    public AcquireStream(SessionStore store, Lease lease) {
        this.store = store;
        this.lease = lease;
    }

    /**
     * @param quota the plan that counts for this request, also when others come into force meanwhile; without one a session
     *     may only go on with what it holds
     * @see SessionStore#update for how the stage fails
     */
    public CompletionStage<AcquireOutcome> acquire(
            SessionId session, StreamRequest request, Optional<StreamQuota> quota) {
        return quota.isPresent()
                ? store.update(session, (current, now) -> current.acquire(request, quota.get(), lease, now))
                : store.update(session, (current, now) -> current.goOn(request, lease, now));
    }
}
