package io.thezone.persistence.spi;

import java.util.Collection;
import java.util.Map;

/**
 * What a cache must offer. It only saves reads from the store: it may be empty, stale or fail, and every answer stays right.
 * Implementations are thread-safe.
 */
public interface SessionCache {
    /** No cache. The engine does not call it. */
    SessionCache NONE = new SessionCache() {
        @Override
        public Map<SessionKey, StoredSession> get(Collection<SessionKey> keys) {
            return Map.of();
        }

        @Override
        public void publish(Map<SessionKey, StoredSession> saved) {}

        @Override
        public void drop(Collection<SessionKey> keys) {}
    };

    /**
     * Returns the copies that the cache has. If it cannot answer for all keys in time, it throws, so that the engine knows.
     */
    Map<SessionKey, StoredSession> get(Collection<SessionKey> keys);

    /** Takes copies of saved sessions. A newer version stays. Returns without waiting. */
    void publish(Map<SessionKey, StoredSession> saved);

    /**
     * Removes copies of any version; what is published later stays. Returns without waiting. The store holds neither these copies
     * nor newer ones: it has lost those saves, or never made them.
     */
    void drop(Collection<SessionKey> keys);
}
