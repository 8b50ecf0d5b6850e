package io.thezone.bootstrap;

import com.codahale.metrics.health.HealthCheck;
import io.thezone.persistence.spi.GroupCommitSessionStore;
import io.thezone.persistence.spi.LoadedSessions;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.SessionRepository;
import io.thezone.persistence.spi.SessionSave;
import io.thezone.persistence.spi.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The engine runs, and the store takes a save, within the time that a request would wait for it. */
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
            return Result.unhealthy("not all writers run; only a restart mends that");
        }
        if (asked.isDone()) {
            asked = CompletableFuture.supplyAsync(this::save, StoreHealthCheck::inItsOwnThread);
        }
        try {
            return Result.healthy("the store says it is %s", asked.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Result.unhealthy("the store has not answered within %d ms", LIMIT.toMillis());
        }
    }

    /**
     * Really changes a row: a store that is read-only, or waits for a standby with each commit, still answers loads. A save
     * that loses a race has seen another node's be taken.
     */
    private Instant save() {
        LoadedSessions loaded = repository.load(List.of(SessionKey.NOBODY));
        StoredSession held = loaded.sessions().get(SessionKey.NOBODY);
        long base = held == null ? StoredSession.ABSENT : held.version();
        SessionSave save = new SessionSave(SessionKey.NOBODY, base, loaded.now(), loaded.now(), 1, "{}");
        return repository.saveIfUnchanged(List.of(save)).now();
    }

    private static void inItsOwnThread(Runnable question) {
        Thread thread = new Thread(question, "store-health");
        thread.setDaemon(true);
        thread.start();
    }
}
