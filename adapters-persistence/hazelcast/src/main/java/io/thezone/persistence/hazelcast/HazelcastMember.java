package io.thezone.persistence.hazelcast;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import io.dropwizard.lifecycle.Managed;
import io.thezone.persistence.spi.StoredSession;
import java.util.concurrent.CompletableFuture;

/** Starts beside the store, because either takes a second; leaves after everything that uses the cache has stopped. */
final class HazelcastMember implements Managed {
    private final CompletableFuture<HazelcastInstance> hazelcast;

    private HazelcastMember(CompletableFuture<HazelcastInstance> hazelcast) {
        this.hazelcast = hazelcast;
    }

    static HazelcastMember starting(Config config) {
        return new HazelcastMember(CompletableFuture.supplyAsync(
                () -> Hazelcast.newHazelcastInstance(config), task -> new Thread(task, "hazelcast-start").start()));
    }

    IMap<String, StoredSession> map(String name) {
        return hazelcast.join().getMap(name);
    }

    /** @throws Exception if it did not start, and so the service does not */
    @Override
    public void start() throws Exception {
        hazelcast.get();
    }

    @Override
    public void stop() {
        hazelcast.join().shutdown();
    }
}
