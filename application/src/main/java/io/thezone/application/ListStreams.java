package io.thezone.application;

import io.thezone.domain.ActiveStreams;
import io.thezone.domain.Session;
import io.thezone.domain.SessionId;
import java.util.concurrent.CompletionStage;

/** The use case that lists the live streams of a session. */
public final class ListStreams {
    private final SessionStore store;

    public ListStreams(SessionStore store) {
        this.store = store;
    }

    /**
     * Reads the live streams from the store.
     *
     * @see SessionStore#update for how the stage fails
     */
    public CompletionStage<ActiveStreams> list(SessionId session) {
        return store.update(session, Session::list);
    }
}
