package io.thezone.persistence.engine;

import io.dropwizard.lifecycle.Managed;
import io.thezone.application.OverloadedException;
import io.thezone.application.SessionStore;
import io.thezone.application.SessionTransition;
import io.thezone.domain.SessionId;
import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionRepository;
import io.thezone.persistence.spi.Trouble;
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
 * The engine over a repository and a cache. Each session belongs to one of a few writers; while a writer's batch is on its
 * way to the store the next one gathers, so that under load one commit carries many decisions, and racing requests of one
 * session fold into one row. Nothing waits on a timer.
 */
public final class GroupCommitSessionStore implements SessionStore, Managed {
    /** An update that has waited this long is turned away undecided: whoever asked has given up by then. */
    static final Duration MAX_WAIT = Duration.ofSeconds(1);

    /** An update that is not answered by then fails, whatever the store may still make of it. */
    static final Duration MAX_TIME = Duration.ofMillis(1800);

    private static final Logger LOG = LoggerFactory.getLogger(GroupCommitSessionStore.class);
    private static final Duration WATCH_INTERVAL = Duration.ofMillis(50);
    private static final Duration DRAIN_TIME = Duration.ofSeconds(5);

    private final SessionKeys keys;
    private final LongSupplier nanoTime;
    private final RecentSaves saves;
    private final List<Writer> writers;
    private final CountDownLatch stopped = new CountDownLatch(1);
    private volatile boolean accepting;

    /** Writes sessions in the newest format. */
    public GroupCommitSessionStore(
            SessionRepository repository,
            SessionCache cache,
            SessionKeys keys,
            GroupCommitSettings settings,
            Executor answering) {
        this(repository, cache, keys, settings, answering, () -> SessionFormat.NEWEST);
    }

    /**
     * @param answering runs what depends on the answers, so that a slow reader never holds a writer up
     * @param format in which sessions are written; it may change at any time
     */
    public GroupCommitSessionStore(
            SessionRepository repository,
            SessionCache cache,
            SessionKeys keys,
            GroupCommitSettings settings,
            Executor answering,
            IntSupplier format) {
        this(repository, cache, keys, settings, answering, format, System::nanoTime);
    }

    GroupCommitSessionStore(
            SessionRepository repository,
            SessionCache cache,
            SessionKeys keys,
            GroupCommitSettings settings,
            Executor answering,
            IntSupplier format,
            LongSupplier nanoTime) {
        this.keys = keys;
        this.nanoTime = nanoTime;
        this.saves = new RecentSaves(nanoTime);
        SessionBatch.Parts parts = new SessionBatch.Parts(
                nanoTime,
                format,
                repository,
                cache,
                new StoreClock(nanoTime),
                new Trouble("loading from the store"),
                new Trouble("saving to the store"),
                saves,
                new Trouble("the cache"),
                new SessionTrouble(nanoTime));
        this.writers = IntStream.range(0, settings.writers())
                .mapToObj(i -> new Writer(settings, nanoTime, orHere(answering), parts))
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

    /** How long the update at the head of a queue has been waiting, the longest of all writers. */
    public Duration longestWait() {
        return writers.stream()
                .map(Writer::longestWait)
                .max(Duration::compareTo)
                .orElse(Duration.ZERO);
    }

    /** How the saves of the last seconds went. */
    public SaveCounts recentSaves() {
        return saves.counts();
    }

    /** Whether updates are taken and all writers are alive to settle them. */
    public boolean isRunning() {
        return accepting && writers.stream().allMatch(Writer::isAlive);
    }

    /** Takes no more updates and answers those it has. */
    @Override
    public void stop() throws InterruptedException {
        accepting = false;
        long deadline = System.nanoTime() + DRAIN_TIME.toNanos();
        writers.forEach(Writer::finish);
        for (Writer writer : writers) {
            writer.awaitEnd(deadline - System.nanoTime());
        }
        stopped.countDown();
    }

    private void watch() {
        try {
            while (!stopped.await(WATCH_INTERVAL.toMillis(), TimeUnit.MILLISECONDS)) {
                giveUpLate();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void giveUpLate() {
        try {
            writers.forEach(Writer::giveUpLate);
        } catch (Throwable e) {
            LOG.error("late requests could not be given up; trying again", e);
        }
    }

    /** Where the executor fails, whoever has an answer gives it; an update that is answered twice keeps the first answer. */
    private static Executor orHere(Executor answering) {
        return answer -> {
            try {
                answering.execute(answer);
            } catch (RuntimeException | Error e) {
                LOG.debug("an answer is given by the thread that has it", e);
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
