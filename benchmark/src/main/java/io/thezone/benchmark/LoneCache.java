package io.thezone.benchmark;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.core.setup.Environment;
import io.thezone.persistence.hazelcast.HazelcastCacheFactory;
import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.StoredSession;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;
import org.eclipse.jetty.util.component.LifeCycle;

/**
 * The Hazelcast cache without a service, configured to evict nothing.
 *
 * @param parts the parts that were started for it
 */
record LoneCache(SessionCache cache, List<LifeCycle> parts) {
    static final int STREAMS = 2;

    private static final Duration PATIENCE = Duration.ofMinutes(1);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(5);

    private static final String SETTINGS =
            "{\"type\": \"hazelcast\", \"maxHeapPercent\": 90, \"timeLimit\": \"500ms\"}";
    private static final String STREAM =
            "{\"id\":\"6f1c8a52-3c39-4a39-8b5f-1a2b3c4d5e6f\",\"start\":1764000000000000,\"seen\":1764000000000000,"
                    + "\"until\":1764000090000000}";
    private static final String DOCUMENT = "{\"at\":1764000000000000,\"streams\":[" + STREAM + "," + STREAM + "]}";

    static LoneCache open() throws Exception {
        Environment environment = new Environment("lone-cache");
        SessionCache cache = new ObjectMapper()
                .readValue(SETTINGS, HazelcastCacheFactory.class)
                .build(environment, Duration.ofDays(1));
        List<LifeCycle> parts = environment.lifecycle().getManagedObjects();
        for (LifeCycle part : parts) {
            part.start();
        }
        return new LoneCache(cache, parts);
    }

    /** @return some sessions of two streams */
    static Map<SessionKey, StoredSession> sessions(Random random, int count) {
        Map<SessionKey, StoredSession> sessions = new HashMap<>();
        for (int i = 0; i < count; i++) {
            sessions.put(new SessionKey(random.nextLong(), random.nextLong()), new StoredSession(1, 2, DOCUMENT));
        }
        return sessions;
    }

    /**
     * Publishes sessions, and waits until they are in the cache.
     *
     * @throws IllegalStateException if they are not there after a minute
     */
    void publish(Map<SessionKey, StoredSession> sessions) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        cache.publish(sessions);
        while (!holds(sessions.keySet(), deadline)) {
            LockSupport.parkNanos(LOOK_INTERVAL.toNanos());
        }
    }

    /** Retries a read: after one that was too slow, as at the start, the cache refuses reads for a while. */
    private boolean holds(Set<SessionKey> keys, long deadline) {
        boolean last = System.nanoTime() - deadline > 0;
        try {
            if (cache.get(keys).size() == keys.size()) {
                return true;
            }
        } catch (IllegalStateException e) {
            if (last) {
                throw e;
            }
        }
        if (last) {
            throw new IllegalStateException("the cache does not hold what was published " + PATIENCE + " ago");
        }
        return false;
    }

    void close() throws Exception {
        for (int i = parts.size() - 1; i >= 0; i--) {
            parts.get(i).stop();
        }
    }
}
