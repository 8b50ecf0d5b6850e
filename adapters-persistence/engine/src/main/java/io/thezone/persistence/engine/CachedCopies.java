package io.thezone.persistence.engine;

import io.thezone.persistence.spi.FailureLog;
import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.StoredSession;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The cache for one batch: which copies it held, and which of them the store has lost. Failures of the cache are logged only. */
final class CachedCopies {
    private final SessionCache cache;
    private final FailureLog failures;

    /** Every copy that the cache answered with, readable or not. */
    private final Map<SessionKey, StoredSession> held = new HashMap<>();

    private final Set<SessionKey> lost = new HashSet<>();

    CachedCopies(SessionCache cache, FailureLog failures) {
        this.cache = cache;
        this.failures = failures;
    }

    /** Returns the readable copies. Unreadable ones may have been written by a newer version of the service. */
    Map<SessionKey, VersionedSession> read(Collection<SessionKey> keys) {
        Map<SessionKey, VersionedSession> copies = new HashMap<>();
        try {
            Map<SessionKey, StoredSession> answer = cache.get(keys);
            for (SessionKey key : keys) {
                StoredSession stored = answer.get(key);
                if (stored != null) {
                    held.put(key, stored);
                    VersionedSession.ifReadable(stored).ifPresent(copy -> copies.put(key, copy));
                }
            }
            failures.worked();
        } catch (RuntimeException e) {
            failures.failed(e);
        }
        return copies;
    }

    /**
     * Compares the copy of a session with what the store held later. A copy that differs, but is not older, comes from a save
     * that the store has lost, or from none. Newer copies would not replace it, because their versions may be lower.
     *
     * @param stored null if the store held none
     */
    void compare(SessionKey key, @Nullable StoredSession stored) {
        StoredSession copy = held.get(key);
        if (copy != null && !copy.equals(stored) && (stored == null || copy.version() >= stored.version())) {
            lost.add(key);
        }
    }

    void dropLost() {
        if (!lost.isEmpty()) {
            call(() -> cache.drop(List.copyOf(lost)));
            held.keySet().removeAll(lost);
            lost.clear();
        }
    }

    void publish(Map<SessionKey, StoredSession> saved) {
        if (!saved.isEmpty()) {
            call(() -> cache.publish(saved));
        }
    }

    private void call(Runnable task) {
        try {
            task.run();
        } catch (RuntimeException e) {
            failures.failed(e);
        }
    }
}
