package io.thezone.persistence.engine;

import io.thezone.application.OverloadedException;
import io.thezone.application.StoreUnavailableException;
import io.thezone.domain.Session;
import io.thezone.domain.Step;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.TimeLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A thread's loop: takes all updates that wait, and settles them as one {@link SessionBatch}. */
final class Writer implements Runnable {
    private static final Logger LOG = LoggerFactory.getLogger(Writer.class);

    private final int maxBatch;
    private final Executor answering;
    private final EngineParts parts;
    private final RecentSessions recent;
    private final BlockingQueue<PendingUpdate<?>> waiting;
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile List<PendingUpdate<?>> inFlight = List.of();

    /** Updates that the last batch left for the next; claimed already. */
    private List<PendingUpdate<?>> postponed = List.of();

    private volatile boolean finishing;

    Writer(GroupCommitConfiguration settings, Executor answering, EngineParts parts) {
        this.maxBatch = settings.maxBatch();
        this.answering = answering;
        this.parts = parts;
        this.recent = new RecentSessions(settings.recentSessions() / settings.writers());
        this.waiting = new ArrayBlockingQueue<>(settings.queueCapacity());
    }

    /** Returns false if the queue is full. */
    boolean offer(PendingUpdate<?> update) {
        return waiting.offer(update);
    }

    @Override
    public void run() {
        try {
            List<PendingUpdate<?>> taken = new ArrayList<>();
            while (take(taken)) {
                settle(taken);
                taken = new ArrayList<>();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            ended.countDown();
        }
    }

    /** Waits for updates; returns false after the last one. */
    private boolean take(List<PendingUpdate<?>> taken) throws InterruptedException {
        if (postponed.isEmpty()) {
            if (finishing && waiting.isEmpty()) {
                return false;
            }
            taken.add(waiting.take());
        }
        waiting.drainTo(taken, maxBatch - taken.size());
        return true;
    }

    /** Settles a batch. If that throws, even an error, its updates are answered and the writer goes on. */
    private void settle(List<PendingUpdate<?>> taken) {
        try {
            List<PendingUpdate<?>> updates = stillWaiting();
            updates.addAll(claim(taken));
            inFlight = updates;
            postponed = new SessionBatch(parts, recent, updates, answering).settle();
        } catch (Throwable e) {
            LOG.error("a batch failed; whether it was saved is not known", e);
            StoreUnavailableException failure = new StoreUnavailableException("the batch failed", e);
            taken.forEach(update -> update.fail(failure));
            inFlight.forEach(update -> update.fail(failure));
        } finally {
            inFlight = List.of();
        }
    }

    /** Returns the postponed updates that have not waited too long. A batch has room for as many new ones. */
    private List<PendingUpdate<?>> stillWaiting() {
        List<PendingUpdate<?>> still = new ArrayList<>();
        for (PendingUpdate<?> update : postponed) {
            if (still.size() >= maxBatch || isOlder(update, TimeLimits.QUEUE)) {
                answering.execute(() -> turnAway(update));
            } else {
                still.add(update);
            }
        }
        postponed = List.of();
        return still;
    }

    /** Claims updates and returns those that have not waited too long. */
    private List<PendingUpdate<?>> claim(List<PendingUpdate<?>> taken) {
        List<PendingUpdate<?>> claimed = new ArrayList<>(taken.size());
        for (PendingUpdate<?> update : taken) {
            if (update.claim()) {
                if (isOlder(update, TimeLimits.QUEUE)) {
                    answering.execute(() -> turnAway(update));
                } else {
                    claimed.add(update);
                }
            }
        }
        return claimed;
    }

    /** Answers updates that are past a time limit. Called by another thread, also while this one waits for the store. */
    void answerLate() {
        PendingUpdate<?> head = waiting.peek();
        if (head != null && isOlder(head, TimeLimits.QUEUE)) {
            for (PendingUpdate<?> update : waiting) {
                if (!isOlder(update, TimeLimits.QUEUE)) {
                    break;
                }
                if (update.claim()) {
                    answering.execute(() -> turnAway(update));
                }
            }
        }
        for (PendingUpdate<?> update : inFlight) {
            if (isOlder(update, TimeLimits.ANSWER) && !update.isAnswered()) {
                answering.execute(() -> update.fail(new StoreUnavailableException("the store did not answer in time")));
            }
        }
    }

    Duration longestWait() {
        PendingUpdate<?> head = waiting.peek();
        return head == null ? Duration.ZERO : Duration.ofNanos(parts.nanoTime().getAsLong() - head.submittedAt);
    }

    /** Ends the loop once the queue is empty. An update without effect wakes the writer; if the queue is full, it is awake. */
    void finish() {
        finishing = true;
        PendingUpdate<Session> nothing = new PendingUpdate<>(
                SessionKey.NOBODY,
                (session, now) -> new Step<>(session, session),
                parts.nanoTime().getAsLong());
        nothing.claim();
        waiting.offer(nothing);
    }

    boolean isAlive() {
        return ended.getCount() > 0;
    }

    void awaitEnd(long nanos) throws InterruptedException {
        if (!ended.await(nanos, TimeUnit.NANOSECONDS)) {
            LOG.warn("a writer is still waiting for the store; its last requests stay unanswered");
        }
    }

    private boolean isOlder(PendingUpdate<?> update, Duration age) {
        return parts.nanoTime().getAsLong() - update.submittedAt > age.toNanos();
    }

    private static void turnAway(PendingUpdate<?> update) {
        update.fail(new OverloadedException("the request waited too long; nothing was changed"));
    }
}
