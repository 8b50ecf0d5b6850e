package io.thezone.persistence.engine;

import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.StoredSession;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A cache in memory that notes what it is asked for. */
final class MapCache implements SessionCache {
    final Queue<Collection<SessionKey>> reads = new ConcurrentLinkedQueue<>();
    final Map<SessionKey, StoredSession> copies = new ConcurrentHashMap<>();

    /** Runs before each read. */
    volatile Runnable beforeRead = () -> {};

    @Override
    public Map<SessionKey, StoredSession> get(Collection<SessionKey> asked) {
        beforeRead.run();
        reads.add(asked);
        Map<SessionKey, StoredSession> found = new HashMap<>(copies);
        found.keySet().retainAll(asked);
        return found;
    }

    @Override
    public void publish(Map<SessionKey, StoredSession> saved) {
        copies.putAll(saved);
    }

    @Override
    public void drop(Collection<SessionKey> keys) {
        copies.keySet().removeAll(keys);
    }
}
