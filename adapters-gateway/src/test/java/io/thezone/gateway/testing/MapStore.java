package io.thezone.gateway.testing;

import io.thezone.application.SessionStore;
import io.thezone.application.SessionTransition;
import io.thezone.domain.Session;
import io.thezone.domain.SessionId;
import io.thezone.domain.Step;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Keeps sessions in a map, and answers at once. Its time passes only when told, so that the same requests get the same answers. */
public final class MapStore implements SessionStore {
    private Instant now = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    private final Map<SessionId, Session> sessions = new HashMap<>();

    public synchronized void pass(Duration time) {
        now = now.plus(time);
    }

    @Override
    public synchronized <R> CompletionStage<R> update(SessionId id, SessionTransition<R> transition) {
        Step<R> step = transition.apply(sessions.getOrDefault(id, Session.EMPTY), now);
        sessions.put(id, step.next());
        return CompletableFuture.completedFuture(step.outcome());
    }
}
