package io.thezone.persistence.engine;

import io.thezone.persistence.spi.LoadedSessions;
import io.thezone.persistence.spi.NotSavedException;
import io.thezone.persistence.spi.RejectedDataException;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A store in memory that notes each call, and answers it when the test lets it. */
final class HeldStore implements SessionRepository {
    private static final int LIMIT_SECONDS = 30;

    final List<Set<SessionKey>> loads = new CopyOnWriteArrayList<>();
    final List<List<SessionSave>> saves = new CopyOnWriteArrayList<>();

    volatile Instant now = Instant.parse("2026-01-01T00:00:00Z");
    volatile boolean failing;
    volatile boolean takesNothing;

    /** Sessions that the store cannot hold. */
    final Set<SessionKey> unholdable = ConcurrentHashMap.newKeySet();

    /** Sessions that the store cannot read. */
    final Set<SessionKey> unreadable = ConcurrentHashMap.newKeySet();

    /** Runs before each load. */
    volatile Runnable beforeLoad = () -> {};

    /** Runs before each save. */
    volatile Runnable beforeSave = () -> {};

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

    /** Stores a session as another node does. */
    StoredSession put(SessionKey key, int format, String document) {
        synchronized (rows) {
            lastVersion++;
            StoredSession session = new StoredSession(lastVersion, format, document);
            rows.put(key, session);
            return session;
        }
    }

    void remove(SessionKey key) {
        synchronized (rows) {
            rows.remove(key);
        }
    }

    @Nullable
    StoredSession get(SessionKey key) {
        synchronized (rows) {
            return rows.get(key);
        }
    }

    @Override
    public LoadedSessions load(Collection<SessionKey> keys) {
        loads.add(Set.copyOf(keys));
        await(loading);
        reject(keys, unreadable);
        beforeLoad.run();
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
        reject(batch.stream().map(SessionSave::key).toList(), unholdable);
        beforeSave.run();
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

    private static void reject(Collection<SessionKey> keys, Set<SessionKey> rejected) {
        if (keys.stream().anyMatch(rejected::contains)) {
            throw new RejectedDataException(new IllegalArgumentException("a damaged block"));
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
