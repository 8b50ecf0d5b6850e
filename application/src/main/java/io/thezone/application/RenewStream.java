package io.thezone.application;

import io.thezone.domain.Lease;
import io.thezone.domain.RenewOutcome;
import io.thezone.domain.SessionId;
import io.thezone.domain.StreamId;
import java.util.concurrent.CompletionStage;

/** The use case of a heartbeat: a stream is still watched. */
public final class RenewStream {
    private final SessionStore store;
    private final Lease lease;

    public RenewStream(SessionStore store, Lease lease) {
        this.store = store;
        this.lease = lease;
    }

    /**
     * Renews the lease of the stream.
     *
     * @see SessionStore#update for how the stage fails
     */
    public CompletionStage<RenewOutcome> renew(SessionId session, StreamId stream) {
        return store.update(session, (current, now) -> current.renew(stream, lease, now));
    }
}
