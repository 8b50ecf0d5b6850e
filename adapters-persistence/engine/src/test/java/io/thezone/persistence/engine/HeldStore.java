package io.thezone.persistence.engine;

import io.thezone.persistence.spi.LoadedSessions;
import io.thezone.persistence.spi.NotSavedException;
import io.thezone.persistence.spi.SavedSessions;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.SessionRepository;
import io.thezone.persistence.spi.SessionSave;
import io.thezone.persistence.spi.StoredSession;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A store in memory that notes each call, and answers it when the test lets it. */
final class HeldStore implements SessionRepository {
    private static final int LIMIT_SECONDS = 30;

    final List<Set<SessionKey>> loads = new CopyOnWriteArrayList<>();
    final List<List<SessionSave>> saves = new CopyOnWriteArrayList<>();

    volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
    volatile boolean failing;
    volatile boolean takesNothing;

    /** What the next calls throw, one each. */
    final Queue<Error> errors = new ConcurrentLinkedQueue<>();

    private final Map<SessionKey, StoredSession> rows = new HashMap<>();
    private volatile CountDownLatch loading = new CountDownLatch(0);
    private volatile CountDownLatch saving = new CountDownLatch(0);
    private long lastVersion;

    void holdLoads() {
        loading = new CountDownLatch(1);
    }

    void holdSaves() {
        saving = new CountDownLatch(1);
    }

    void release() {
        loading.countDown();
        saving.countDown();
    }

    @Override
    public LoadedSessions load(Collection<SessionKey> keys) {
        loads.add(Set.copyOf(keys));
        await(loading);
        synchronized (rows) {
            Map<SessionKey, StoredSession> found = new HashMap<>(rows);
            found.keySet().retainAll(keys);
            return new LoadedSessions(found, now);
        }
    }

    @Override
    public SavedSessions saveIfUnchanged(List<SessionSave> batch) {
        saves.add(batch);
        await(saving);
        if (takesNothing) {
            throw new NotSavedException("there is no room");
        }
        synchronized (rows) {
            Map<SessionKey, Long> versions = new HashMap<>();
            for (SessionSave save : batch) {
                if (save.base().equals(Optional.ofNullable(rows.get(save.key())))) {
                    lastVersion++;
                    rows.put(save.key(), new StoredSession(lastVersion, save.format(), save.document()));
                    versions.put(save.key(), lastVersion);
                }
            }
            return new SavedSessions(versions, now);
        }
    }

    private void await(CountDownLatch gate) {
        try {
            if (!gate.await(LIMIT_SECONDS, TimeUnit.SECONDS)) {
                throw new IllegalStateException("the test never let it go on");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
        if (failing) {
            throw new IllegalStateException("the store is down");
        }
        Error error = errors.poll();
        if (error != null) {
            throw error;
        }
    }
}
