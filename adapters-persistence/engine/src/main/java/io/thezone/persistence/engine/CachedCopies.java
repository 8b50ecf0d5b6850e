package io.thezone.persistence.engine;

import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.StoredSession;
import io.thezone.persistence.spi.Trouble;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The cache as a batch sees it: what it held, and what is wrong with that. Its failures are noted and harm nothing. */
final class CachedCopies {
    private final SessionCache cache;
    private final Trouble trouble;

    /** As the cache told them, readable or not. */
    private final Map<SessionKey, StoredSession> held = new HashMap<>();

    private final Set<SessionKey> lost = new HashSet<>();

    CachedCopies(SessionCache cache, Trouble trouble) {
        this.cache = cache;
        this.trouble = trouble;
    }

    /** Those of the copies that can be read; the others may be of a newer version of the service. */
    Map<SessionKey, Copy> read(Collection<SessionKey> keys) {
        Map<SessionKey, Copy> copies = new HashMap<>();
        try {
            Map<SessionKey, StoredSession> told = cache.get(keys);
            for (SessionKey key : keys) {
                StoredSession stored = told.get(key);
                if (stored != null) {
                    held.put(key, stored);
                    Copy.ifReadable(stored).ifPresent(copy -> copies.put(key, copy));
                }
            }
            trouble.worked();
        } catch (RuntimeException e) {
            trouble.failed(e);
        }
        return copies;
    }

    /**
     * Compares with what the store held later. A copy that is not older than that, but other, is of a save that the store has
     * lost, or of none: newer copies would not replace it, as their versions may be lower.
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
            tell(() -> cache.drop(List.copyOf(lost)));
            held.keySet().removeAll(lost);
            lost.clear();
        }
    }

    void publish(Map<SessionKey, StoredSession> saved) {
        if (!saved.isEmpty()) {
            tell(() -> cache.publish(saved));
        }
    }

    private void tell(Runnable what) {
        try {
            what.run();
        } catch (RuntimeException e) {
            trouble.failed(e);
        }
    }
}
