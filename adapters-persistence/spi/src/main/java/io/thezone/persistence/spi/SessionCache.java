package io.thezone.persistence.spi;

import java.util.Collection;
import java.util.Map;

/**
 * What a cache must offer. It is never believed about more than saves reads: it may be empty, stale or fail, and no answer
 * is wrong. Called by several threads at once.
 */
public interface SessionCache {
    /** Caches nothing. */
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
     * The copies it has. A session without one is first tried as a new one, so a cache that is late or cannot tell throws
     * rather than answering with less.
     */
    Map<SessionKey, StoredSession> get(Collection<SessionKey> keys);

    /** Takes copies that were saved, each unless it holds a newer version; returns without waiting. */
    void publish(Map<SessionKey, StoredSession> saved);

    /**
     * Forgets its copies, whatever their version, before it takes what is published after this; returns without waiting. The
     * store has been seen to hold none of them, nor anything newer: they are of saves that it has lost, or were never saved.
     */
    void drop(Collection<SessionKey> keys);
}
