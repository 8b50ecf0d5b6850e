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
 * Collects copies for {@link #PAUSE} and publishes them in one operation, which costs a fraction of one operation each. Before that
 * it drops the copies that a load has shown to be wrong.
 */
final class Publisher implements Managed {
    /** For how long copies are collected; no request waits for that. */
    private static final Duration PAUSE = Duration.ofMillis(20);

    /** Maximum number of waiting copies; further ones are discarded, which only costs reads. */
    static final int MAX_WAITING = 10_000;

    /** Receives the copies; its methods may block. */
    interface Target {
        void drop(Collection<String> names);

        /** Stores each copy unless a newer version is there. */
        void add(Map<String, StoredSession> copies);
    }

    private record Batch(Set<String> dropped, Map<String, StoredSession> copies) {
        Batch() {
            this(new HashSet<>(), new HashMap<>());
        }
    }

    private final Target target;
    private final FailureLog failures = new FailureLog("publishing to the cache");
    private final CountDownLatch stopped = new CountDownLatch(1);
    private Batch waiting = new Batch();

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

    private synchronized Batch drain() {
        Batch drained = waiting;
        waiting = new Batch();
        return drained;
    }

    private void run() {
        try {
            while (!stopped.await(PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
                publish(drain());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void publish(Batch batch) {
        if (batch.dropped().isEmpty() && batch.copies().isEmpty()) {
            return;
        }
        try {
            target.drop(batch.dropped());
            target.add(batch.copies());
            failures.worked();
        } catch (RuntimeException e) {
            failures.failed(e);
        }
    }
}
