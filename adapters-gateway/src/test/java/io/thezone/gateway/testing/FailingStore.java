package io.thezone.gateway.testing;

import io.thezone.application.OverloadedException;
import io.thezone.application.SessionStore;
import io.thezone.application.SessionTransition;
import io.thezone.application.StoreUnavailableException;
import io.thezone.domain.SessionId;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** A store that fails; the beginning of the session id says how. */
public final class FailingStore implements SessionStore {
    public static final String OVERLOADED = "overloaded-";
    public static final String UNAVAILABLE = "unavailable-";
    public static final String BROKEN = "broken-";

    @Override
    public <R> CompletionStage<R> update(SessionId id, SessionTransition<R> transition) {
        if (id.value().startsWith(OVERLOADED)) {
            return CompletableFuture.failedFuture(new OverloadedException("too much is asked for"));
        }
        if (id.value().startsWith(UNAVAILABLE)) {
            return CompletableFuture.failedFuture(new StoreUnavailableException("it does not answer"));
        }
        return CompletableFuture.failedFuture(new UnsupportedOperationException("a defect"));
    }
}
