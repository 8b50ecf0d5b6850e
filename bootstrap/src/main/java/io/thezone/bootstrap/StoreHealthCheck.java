package io.thezone.bootstrap;

import com.codahale.metrics.health.HealthCheck;
import io.thezone.persistence.engine.GroupCommitSessionStore;
import io.thezone.persistence.engine.SaveCounts;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.SessionRepository;
import io.thezone.persistence.spi.SessionSave;
import io.thezone.persistence.spi.TimeLimits;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;

/**
 * Checks that the engine runs, that saves of requests do not fail, and that a trial save succeeds within the time limit of a request.
 * After a failure {@value #TRIALS_TO_RECOVER} trials in a row must succeed, each as large as a batch, because a single row may find
 * space on a full disk.
 */
final class StoreHealthCheck extends HealthCheck {
    private static final int TRIALS_TO_RECOVER = 2;
    private static final int BATCH = 100;

    /** As long as the document of a session with one or two streams. */
    private static final String DOCUMENT = "{" + " ".repeat(400) + "}";

    private final GroupCommitSessionStore engine;
    private final SessionRepository repository;
    private CompletableFuture<Instant> trial = CompletableFuture.completedFuture(Instant.EPOCH);
    private int missingTrials;

    StoreHealthCheck(GroupCommitSessionStore engine, SessionRepository repository) {
        this.engine = engine;
        this.repository = repository;
    }

    @Override
    protected synchronized Result check() throws InterruptedException {
        if (!engine.isRunning()) {
            return Result.unhealthy("not all writers run; only a restart fixes that");
        }
        SaveCounts real = engine.recentSaves();
        Result trial = trial(real.failed() > 0 || missingTrials > 0 ? BATCH : 1);
        if (real.areFailing()) {
            missingTrials = TRIALS_TO_RECOVER;
            return Result.unhealthy(
                    "of the last sessions %d could not be saved, %d could", real.failed(), real.taken());
        }
        if (!trial.isHealthy()) {
            missingTrials = TRIALS_TO_RECOVER;
            return trial;
        }
        missingTrials = Math.max(0, missingTrials - 1);
        return missingTrials == 0 ? trial : Result.unhealthy("the store accepts saves again, so far once");
    }

    /** Starts a trial only when the last one is finished: a store that hangs blocks one thread, not one for each check. */
    private Result trial(int rows) throws InterruptedException {
        if (trial.isDone()) {
            trial = CompletableFuture.supplyAsync(() -> save(rows), StoreHealthCheck::inOwnThread);
        }
        try {
            return Result.healthy(
                    "the store says it is %s", trial.get(TimeLimits.STORE_CALL.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Result.unhealthy("the store has not answered within %d ms", TimeLimits.STORE_CALL.toMillis());
        } catch (ExecutionException e) {
            return Result.unhealthy(e);
        }
    }

    /**
     * Inserts new rows, which lapse at once. Loads and updates in place would not do, because they can succeed in a store that is
     * read-only, has a full disk or waits for a standby.
     */
    private Instant save(int rows) {
        Instant now = repository.load(List.of()).now();
        List<SessionSave> saves = Stream.generate(StoreHealthCheck::unusedKey)
                .limit(rows)
                .sorted()
                .map(key -> new SessionSave(key, Optional.empty(), now, now, 1, DOCUMENT))
                .toList();
        return repository.saveIfUnchanged(saves).now();
    }

    /** @return a random key whose lower half is zero, which no key of a session has in practice */
    private static SessionKey unusedKey() {
        return new SessionKey(ThreadLocalRandom.current().nextLong(), 0);
    }

    private static void inOwnThread(Runnable save) {
        Thread thread = new Thread(save, "store-health");
        thread.setDaemon(true);
        thread.start();
    }
}
