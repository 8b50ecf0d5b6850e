package io.thezone.application;

import io.thezone.domain.ReleaseOutcome;
import io.thezone.domain.SessionId;
import io.thezone.domain.StreamId;
import java.util.concurrent.CompletionStage;

/** Nobody watches the stream any more: its slot is free again. */
public final class ReleaseStream {
    private final SessionStore store;

    public ReleaseStream(SessionStore store) {
        this.store = store;
    }

    /** @see SessionStore#update for how the stage fails */
    public CompletionStage<ReleaseOutcome> release(SessionId session, StreamId stream) {
        return store.update(session, (current, now) -> current.release(stream, now));
    }
}
