package io.thezone.persistence.contract;

import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.StoredSession;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/** A cache that answers only once it is opened, so that requests gather into batches meanwhile. */
final class HeldCache implements SessionCache {
    private final SessionCache cache;
    private final CountDownLatch open;
    final List<Set<SessionKey>> batches = new CopyOnWriteArrayList<>();

    HeldCache(SessionCache cache, CountDownLatch open) {
        this.cache = cache;
        this.open = open;
    }

    @Override
    public Map<SessionKey, StoredSession> get(Collection<SessionKey> keys) {
        Concurrently.await(open);
        batches.add(Set.copyOf(keys));
        return cache.get(keys);
    }

    @Override
    public void publish(Map<SessionKey, StoredSession> saved) {
        cache.publish(saved);
    }

    @Override
    public void drop(Collection<SessionKey> keys) {
        cache.drop(keys);
    }
}
