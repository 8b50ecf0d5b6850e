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
 * The Hazelcast cache without a service around it, which drops nothing.
 *
 * @param parts that were started for it
 */
record LoneCache(SessionCache cache, List<LifeCycle> parts) {
    static final int STREAMS = 2;

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

    /** Some of two streams. */
    static Map<SessionKey, StoredSession> sessions(Random random, int count) {
        Map<SessionKey, StoredSession> sessions = new HashMap<>();
        for (int i = 0; i < count; i++) {
            sessions.put(new SessionKey(random.nextLong(), random.nextLong()), new StoredSession(1, 2, DOCUMENT));
        }
        return sessions;
    }

    /** Returns when they are there. */
    void publish(Map<SessionKey, StoredSession> sessions) {
        cache.publish(sessions);
        while (!holds(sessions.keySet())) {
            LockSupport.parkNanos(Duration.ofMillis(5).toNanos());
        }
    }

    /** Not if it is late, which it is while it has just started; then it refuses for a while, and is asked again. */
    private boolean holds(Set<SessionKey> keys) {
        try {
            return cache.get(keys).size() == keys.size();
        } catch (IllegalStateException e) {
            System.out.println("the cache " + e.getMessage());
            LockSupport.parkNanos(Duration.ofMillis(500).toNanos());
            return false;
        }
    }

    void close() throws Exception {
        for (int i = parts.size() - 1; i >= 0; i--) {
            parts.get(i).stop();
        }
    }
}
