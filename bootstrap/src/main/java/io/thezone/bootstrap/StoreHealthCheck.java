package io.thezone.bootstrap;

import com.codahale.metrics.health.HealthCheck;
import io.thezone.persistence.spi.GroupCommitSessionStore;
import io.thezone.persistence.spi.SessionRepository;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The engine runs, and the store tells its time, within the time that a request would wait for it. */
final class StoreHealthCheck extends HealthCheck {
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private final GroupCommitSessionStore engine;
    private final SessionRepository repository;
    private CompletableFuture<Instant> asked = CompletableFuture.completedFuture(Instant.EPOCH);

    StoreHealthCheck(GroupCommitSessionStore engine, SessionRepository repository) {
        this.engine = engine;
        this.repository = repository;
    }

    /** Asks anew only once the last question is answered: a store that hangs holds one thread, not one for each check. */
    @Override
    protected synchronized Result check() throws ExecutionException, InterruptedException {
        if (!engine.isRunning()) {
            return Result.unhealthy("a writer has ended; only a restart mends that");
        }
        if (asked.isDone()) {
            asked = CompletableFuture.supplyAsync(
                    () -> repository.load(List.of()).now(), StoreHealthCheck::inItsOwnThread);
        }
        try {
            return Result.healthy("the store says it is %s", asked.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Result.unhealthy("the store has not answered within %d ms", LIMIT.toMillis());
        }
    }

    private static void inItsOwnThread(Runnable question) {
        Thread thread = new Thread(question, "store-health");
        thread.setDaemon(true);
        thread.start();
    }
}
