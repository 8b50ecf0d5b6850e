package io.thezone.application;

import io.thezone.domain.ReleaseOutcome;
import io.thezone.domain.SessionId;
import io.thezone.domain.StreamId;
import java.util.concurrent.CompletionStage;

/** The use cases that end a stream, so that its slot is free again. */
public final class ReleaseStream {
    private final SessionStore store;

    public ReleaseStream(SessionStore store) {
        this.store = store;
    }

    /**
     * Ends a stream whose own player has finished. The player may ask for the same stream again.
     *
     * @see SessionStore#update for how the stage fails
     */
    public CompletionStage<ReleaseOutcome> release(SessionId session, StreamId stream) {
        return store.update(session, (current, now) -> current.release(stream, now));
    }

    /**
     * Ends a stream whose own player says, maybe again and again, that it has finished. Does nothing if the stream is not live.
     *
     * @see SessionStore#update for how the stage fails
     */
    public CompletionStage<ReleaseOutcome> releaseLive(SessionId session, StreamId stream) {
        return store.update(session, (current, now) -> current.releaseLive(stream, now));
    }

    /**
     * Ends a stream from outside: for the viewer on another device, or for an operator. Its player learns the reason and does not
     * get the stream back.
     *
     * @see SessionStore#update for how the stage fails
     */
    public CompletionStage<ReleaseOutcome> stop(SessionId session, StreamId stream) {
        return store.update(session, (current, now) -> current.stop(stream, now));
    }
}
