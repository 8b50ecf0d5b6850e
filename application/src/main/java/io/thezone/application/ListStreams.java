package io.thezone.application;

import io.thezone.domain.ActiveStreams;
import io.thezone.domain.Session;
import io.thezone.domain.SessionId;
import java.util.concurrent.CompletionStage;

/** Which streams does the session hold? */
public final class ListStreams {
    private final SessionStore store;

    public ListStreams(SessionStore store) {
        this.store = store;
    }

    /** @see SessionStore#update for how the stage fails */
    public CompletionStage<ActiveStreams> list(SessionId session) {
        return store.update(session, Session::list);
    }
}
