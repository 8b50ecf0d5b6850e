package io.thezone.application;

import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.Attributes;
import io.thezone.domain.SessionId;
import io.thezone.domain.StreamId;
import io.thezone.domain.StreamRequest;
import java.util.concurrent.CompletionStage;

/** A session wants to watch one more stream, or to go on with one that it holds. */
public final class AcquireStream {
    private final SessionStore store;
    private final StreamTerms terms;

    public AcquireStream(SessionStore store, StreamTerms terms) {
        this.store = store;
        this.terms = terms;
    }

    /** @see SessionStore#update for how the stage fails */
    public CompletionStage<AcquireOutcome> acquire(SessionId session, StreamId stream, Attributes attributes) {
        StreamRequest request = new StreamRequest(stream, attributes, terms.lease());
        return store.update(session, (current, now) -> current.acquire(request, terms.quota(), now));
    }
}
