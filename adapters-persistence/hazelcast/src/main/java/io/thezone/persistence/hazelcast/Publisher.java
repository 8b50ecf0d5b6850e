package io.thezone.persistence.hazelcast;

import io.dropwizard.lifecycle.Managed;
import io.thezone.persistence.spi.FailureLog;
import io.thezone.persistence.spi.StoredSession;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * Gathers copies for a moment and publishes them together: one by one they cost several times as much. Before that it drops
 * the copies that were found to be lost.
 */
final class Publisher implements Managed {
    /** For how long copies gather; nobody waits for them. */
    private static final Duration PAUSE = Duration.ofMillis(20);

    /** Copies beyond this are dropped while the members hang: they only save reads. */
    static final int MAX_WAITING = 10_000;

    /** Where copies go; it may take its time. */
    interface Target {
        void drop(Collection<String> names);

        /** Each unless a newer version is there. */
        void add(Map<String, StoredSession> copies);
    }

    private record Gathered(Set<String> dropped, Map<String, StoredSession> copies) {
        Gathered() {
            this(new HashSet<>(), new HashMap<>());
        }
    }

    private final Target target;
    private final FailureLog failures = new FailureLog("publishing to the cache");
    private final CountDownLatch stopped = new CountDownLatch(1);
    private Gathered waiting = new Gathered();

    Publisher(Target target) {
        this.target = target;
    }

    @Override
    public void start() {
        Thread thread = new Thread(this::run, "cache-publisher");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void stop() {
        stopped.countDown();
    }

    synchronized void add(Map<String, StoredSession> copies) {
        if (waiting.copies().size() < MAX_WAITING) {
            copies.forEach((name, copy) -> waiting.copies().merge(name, copy, Publisher::newer));
        }
    }

    synchronized void drop(Collection<String> names) {
        names.forEach(waiting.copies()::remove);
        if (waiting.dropped().size() < MAX_WAITING) {
            waiting.dropped().addAll(names);
        }
    }

    private static StoredSession newer(StoredSession one, StoredSession other) {
        return one.version() > other.version() ? one : other;
    }

    private synchronized Gathered take() {
        Gathered taken = waiting;
        waiting = new Gathered();
        return taken;
    }

    private void run() {
        try {
            while (!stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                publish(take());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void publish(Gathered gathered) {
        if (gathered.dropped().isEmpty() && gathered.copies().isEmpty()) {
            return;
        }
        try {
            target.drop(gathered.dropped());
            target.add(gathered.copies());
            failures.worked();
        } catch (RuntimeException e) {
            failures.failed(e);
        }
    }
}
