package io.thezone.persistence.engine;

import io.thezone.application.SessionTransition;
import io.thezone.domain.Session;
import io.thezone.domain.Step;
import io.thezone.persistence.spi.SessionKey;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** An update on its way: waiting, then claimed by just one who decides or drops it, then answered. */
final class PendingUpdate<R> {
    final SessionKey key;
    final long submittedAt;
    final CompletableFuture<R> answer = new CompletableFuture<>();

    private final SessionTransition<R> transition;
    private final AtomicBoolean claimed = new AtomicBoolean();

    /** What the last decision has cost, in steps of a search; -1 before the first. */
    private int cost = -1;

    private @Nullable R outcome;
    private @Nullable RuntimeException failure;

    /** @param submittedAt in nanoseconds of the monotonic clock */
    PendingUpdate(SessionKey key, SessionTransition<R> transition, long submittedAt) {
        this.key = key;
        this.transition = transition;
        this.submittedAt = submittedAt;
    }

    /** True for one caller only. */
    boolean claim() {
        return claimed.compareAndSet(false, true);
    }

    /** Runs the transition; its outcome stays unsaid until {@link #confirm}. A broken transition changes nothing. */
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

    /** The state that the last decision led to is durable, or was confirmed unchanged. */
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
