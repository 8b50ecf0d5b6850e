package io.thezone.persistence.engine;

import io.thezone.application.SessionTransition;
import io.thezone.domain.Session;
import io.thezone.domain.Step;
import io.thezone.persistence.spi.SessionKey;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** An update on its way: it waits, is claimed by the one thread that decides or rejects it, and is answered. */
final class PendingUpdate<R> {
    final SessionKey key;
    final long submittedAt;
    final CompletableFuture<R> answer = new CompletableFuture<>();

    private final SessionTransition<R> transition;
    private final AtomicBoolean claimed = new AtomicBoolean();

    /** The search steps of the last decision; -1 before the first. */
    private int cost = -1;

    private @Nullable R outcome;
    private @Nullable RuntimeException failure;

    /** @param submittedAt in nanoseconds of the monotonic clock */
    PendingUpdate(SessionKey key, SessionTransition<R> transition, long submittedAt) {
        this.key = key;
        this.transition = transition;
        this.submittedAt = submittedAt;
    }

    /** Returns true to one caller only. */
    boolean claim() {
        return claimed.compareAndSet(false, true);
    }

    /** Runs the transition and keeps its outcome for {@link #confirm}. A transition that throws changes nothing. */
    Session decide(Session current, Instant now) {
        try {
            Step<R> step = transition.apply(current, now);
            outcome = step.outcome();
            cost = step.cost();
            failure = null;
            return step.next();
        } catch (RuntimeException e) {
            failure = e;
            cost = 0;
            return current;
        }
    }

    boolean isDecided() {
        return cost >= 0;
    }

    int cost() {
        return cost;
    }

    /** Answers with the last outcome. The state after it is durable, or was confirmed unchanged. */
    void confirm() {
        if (failure == null) {
            answer.complete(outcome);
        } else {
            answer.completeExceptionally(failure);
        }
    }

    void fail(RuntimeException cause) {
        answer.completeExceptionally(cause);
    }

    boolean isAnswered() {
        return answer.isDone();
    }
}
