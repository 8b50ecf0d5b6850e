package io.thezone.persistence.engine;

import io.dropwizard.lifecycle.Managed;
import io.thezone.application.OverloadedException;
import io.thezone.application.SessionStore;
import io.thezone.application.SessionTransition;
import io.thezone.domain.SessionId;
import io.thezone.persistence.spi.FailureLog;
import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionRepository;
import io.thezone.persistence.spi.TimeLimits;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import java.util.stream.IntStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engine: turns a store and a cache into a {@link SessionStore}.
 *
 * <p><b>Method.</b> Group commit with optimistic concurrency control. Each session belongs to one of a few writers, by the high
 * half of its key. A writer takes all updates that wait, decides them as one batch, and saves the changed sessions with one
 * statement that compares what each was decided on. The next batch gathers meanwhile; nothing waits on a timer.
 *
 * <p><b>Reason.</b> A durable commit costs far more than a decision. Under load one commit carries many decisions, and racing
 * requests of one session become one row. No lock is held while a node decides, so a paused node blocks no other.
 *
 * <p><b>Source.</b> DeWitt et al., Implementation Techniques for Main Memory Database Systems, SIGMOD 1984 (group commit). Kung and
 * Robinson, On Optimistic Methods for Concurrency Control, TODS 1981. Choices: docs/decisions/0001 and 0002.
 *
 * <p><b>Cost.</b> One thread and one connection for each writer. An update may wait for the batch before its own. A transition may
 * run several times. Sessions that many nodes change at once are decided again after each lost race.
 */
public final class GroupCommitSessionStore implements SessionStore, Managed {
    private static final Logger LOG = LoggerFactory.getLogger(GroupCommitSessionStore.class);
    private static final Duration WATCH_INTERVAL = Duration.ofMillis(50);

    private final SessionKeys keys;
    private final LongSupplier nanoTime;
    private final EngineParts parts;
    private final List<Writer> writers;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile boolean accepting;

    /** An engine that writes sessions in the newest format. */
    public GroupCommitSessionStore(
            SessionRepository repository,
            SessionCache cache,
            SessionKeys keys,
            GroupCommitConfiguration settings,
            Executor answering) {
        this(repository, cache, keys, settings, answering, () -> SessionFormat.NEWEST);
    }

    /**
     * @param answering runs the stages that depend on an answer, so that none delays a writer
     * @param format in which sessions are written; it may change at any time
     */
    public GroupCommitSessionStore(
            SessionRepository repository,
            SessionCache cache,
            SessionKeys keys,
            GroupCommitConfiguration settings,
            Executor answering,
            IntSupplier format) {
        this(repository, cache, keys, settings, answering, format, System::nanoTime);
    }

    GroupCommitSessionStore(
            SessionRepository repository,
            SessionCache cache,
            SessionKeys keys,
            GroupCommitConfiguration settings,
            Executor answering,
            IntSupplier format,
            LongSupplier nanoTime) {
        this.keys = keys;
        this.nanoTime = nanoTime;
        CacheUse cacheUse = new CacheUse(nanoTime);
        this.parts = new EngineParts(
                nanoTime,
                format,
                new ObservedStore(repository, nanoTime, cacheUse),
                cache,
                cacheUse,
                new FailureLog("the cache"),
                new SessionFailureLog(nanoTime));
        this.writers = IntStream.range(0, settings.writers())
                .mapToObj(i -> new Writer(settings, orCallerRuns(answering), parts))
                .toList();
    }

    @Override
    public void start() {
        for (int i = 0; i < writers.size(); i++) {
            daemon(writers.get(i), "session-writer-" + i).start();
        }
        daemon(this::watch, "session-watch").start();
        accepting = true;
    }

    @Override
    public <R> CompletionStage<R> update(SessionId id, SessionTransition<R> transition) {
        PendingUpdate<R> update = new PendingUpdate<>(keys.of(id), transition, nanoTime.getAsLong());
        Writer writer = writers.get(Math.floorMod(update.key.hashCode(), writers.size()));
        if (!accepting || !writer.offer(update)) {
            update.fail(new OverloadedException(
                    accepting ? "too many requests are waiting already" : "this node is not taking requests"));
        } else if (!accepting && update.claim()) {
            update.fail(new OverloadedException("this node is shutting down"));
        }
        return update.answer;
    }

    /** How long the oldest waiting update has been waiting. */
    public Duration longestWait() {
        return writers.stream()
                .map(Writer::longestWait)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** Counts the saves of the last seconds. */
    public SaveCounts recentSaves() {
        return parts.store().recentSaves();
    }

    /** Whether there is a cache and every batch asks it: it saves more time than it costs. */
    public boolean usesCache() {
        return parts.usesCache();
    }

    /** Whether updates are accepted and all writers run. */
    public boolean isRunning() {
        return accepting && writers.stream().allMatch(Writer::isAlive);
    }

    /** Accepts no more updates and answers those it has. */
    @Override
    public void stop() throws InterruptedException {
        accepting = false;
        long deadline = System.nanoTime() + TimeLimits.DRAIN.toNanos();
        writers.forEach(Writer::finish);
        for (Writer writer : writers) {
            writer.awaitEnd(deadline - System.nanoTime());
        }
        stopped.countDown();
    }

    private void watch() {
        try {
            while (!stopped.await(WATCH_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                answerLate();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void answerLate() {
        try {
            writers.forEach(Writer::answerLate);
        } catch (Throwable e) {
            LOG.error("late requests could not be answered; trying again", e);
        }
    }

    /** If the executor rejects a task, the calling thread completes the answer. An update keeps its first answer. */
    private static Executor orCallerRuns(Executor answering) {
        return answer -> {
            try {
                answering.execute(answer);
            } catch (RuntimeException | Error e) {
                LOG.debug("the executor rejected an answer; the calling thread completes it", e);
                answer.run();
            }
        };
    }

    private static Thread daemon(Runnable task, String name) {
        Thread thread = new Thread(task, name);
        thread.setDaemon(true);
        return thread;
    }
}
