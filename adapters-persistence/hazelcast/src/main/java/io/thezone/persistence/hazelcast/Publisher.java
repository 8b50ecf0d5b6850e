package io.thezone.persistence.hazelcast;

import io.dropwizard.lifecycle.Managed;
import io.thezone.persistence.spi.StoredSession;
import io.thezone.persistence.spi.Trouble;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** Gathers copies for a moment and publishes them together: one by one they cost several times as much. */
final class Publisher implements Managed {
    /** For how long copies gather; nobody waits for them. */
    private static final Duration PAUSE = Duration.ofMillis(20);

    /** Copies beyond this are dropped while the members hang: they only save reads. */
    static final int MAX_WAITING = 10_000;

    private final Consumer<Map<String, StoredSession>> target;
    private final Trouble trouble = new Trouble("publishing to the cache");
    private final CountDownLatch stopped = new CountDownLatch(1);
    private Map<String, StoredSession> waiting = new HashMap<>();

    /** @param target may take its time */
    Publisher(Consumer<Map<String, StoredSession>> target) {
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
        if (waiting.size() < MAX_WAITING) {
            copies.forEach((name, copy) -> waiting.merge(name, copy, Publisher::newer));
        }
    }

    private static StoredSession newer(StoredSession one, StoredSession other) {
        return one.version() > other.version() ? one : other;
    }

    private synchronized Map<String, StoredSession> take() {
        Map<String, StoredSession> taken = waiting;
        waiting = new HashMap<>();
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

    private void publish(Map<String, StoredSession> copies) {
        if (copies.isEmpty()) {
            return;
        }
        try {
            target.accept(copies);
            trouble.worked();
        } catch (RuntimeException e) {
            trouble.failed(e);
        }
    }
}
