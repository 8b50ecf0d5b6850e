package io.thezone.application;

import io.thezone.domain.ReleaseOutcome;
import io.thezone.domain.SessionId;
import io.thezone.domain.StreamId;
import java.util.concurrent.CompletionStage;

/** A stream is ended from outside: its slot is free again. */
public final class ReleaseStream {
    private final SessionStore store;

    public ReleaseStream(SessionStore store) {
        this.store = store;
    }

    /**
     * Its own player has finished; it may ask for the same stream again.
     *
     * @see SessionStore#update for how the stage fails
     */
    public CompletionStage<ReleaseOutcome> release(SessionId session, StreamId stream) {
        return store.update(session, (current, now) -> current.release(stream, now));
    }

    /**
     * Somebody else wants it ended: the viewer on another device, or an operator. Its player is told so and does not get it
     * back.
     *
     * @see SessionStore#update for how the stage fails
     */
    public CompletionStage<ReleaseOutcome> stop(SessionId session, StreamId stream) {
        return store.update(session, (current, now) -> current.stop(stream, now));
    }
}
