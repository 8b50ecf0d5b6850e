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
 * The engine runs, real saves do not fail, and the store takes a trial save within the time that a request would wait for it.
 * After a failure it takes {@value #TRUST} trials in a row, each as large as a batch, until the store is trusted again: a
 * single row may find room on a disk that is full.
 */
final class StoreHealthCheck extends HealthCheck {
    private static final int TRUST = 2;
    private static final int BATCH = 100;

    /** As long as that of a session with a stream or two. */
    private static final String DOCUMENT = "{" + " ".repeat(400) + "}";

    private final GroupCommitSessionStore engine;
    private final SessionRepository repository;
    private CompletableFuture<Instant> asked = CompletableFuture.completedFuture(Instant.EPOCH);
    private int missingTrust;

    StoreHealthCheck(GroupCommitSessionStore engine, SessionRepository repository) {
        this.engine = engine;
        this.repository = repository;
    }

    @Override
    protected synchronized Result check() throws InterruptedException {
        if (!engine.isRunning()) {
            return Result.unhealthy("not all writers run; only a restart mends that");
        }
        SaveCounts real = engine.recentSaves();
        Result trial = trial(real.failed() > 0 || missingTrust > 0 ? BATCH : 1);
        if (real.areFailing()) {
            missingTrust = TRUST;
            return Result.unhealthy(
                    "of the last sessions %d could not be saved, %d could", real.failed(), real.taken());
        }
        if (!trial.isHealthy()) {
            missingTrust = TRUST;
            return trial;
        }
        missingTrust = Math.max(0, missingTrust - 1);
        return missingTrust == 0 ? trial : Result.unhealthy("the store takes saves again, so far once");
    }

    /** Asks anew only once the last question is answered: a store that hangs holds one thread, not one for each check. */
    private Result trial(int rows) throws InterruptedException {
        if (asked.isDone()) {
            asked = CompletableFuture.supplyAsync(() -> save(rows), StoreHealthCheck::inItsOwnThread);
        }
        try {
            return Result.healthy(
                    "the store says it is %s", asked.get(TimeLimits.STORE_CALL.toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return Result.unhealthy("the store has not answered within %d ms", TimeLimits.STORE_CALL.toMillis());
        } catch (ExecutionException e) {
            return Result.unhealthy(e);
        }
    }

    /**
     * Does what traffic does: inserts new rows, which lapse at once. A store that is read-only, whose disk is full or whose
     * commits wait for a standby may still answer loads and change rows in place.
     */
    private Instant save(int rows) {
        Instant now = repository.load(List.of()).now();
        List<SessionSave> saves = Stream.generate(StoreHealthCheck::keyOfNobody)
                .limit(rows)
                .sorted()
                .map(key -> new SessionSave(key, Optional.empty(), now, now, 1, DOCUMENT))
                .toList();
        return repository.saveIfUnchanged(saves).now();
    }

    /** The lower half tells it from the keys of sessions, in which it is as good as never zero. */
    private static SessionKey keyOfNobody() {
        return new SessionKey(ThreadLocalRandom.current().nextLong(), 0);
    }

    private static void inItsOwnThread(Runnable question) {
        Thread thread = new Thread(question, "store-health");
        thread.setDaemon(true);
        thread.start();
    }
}
