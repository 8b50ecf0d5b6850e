package io.thezone.persistence.hazelcast;

import com.hazelcast.core.HazelcastInstance;
import io.dropwizard.lifecycle.Managed;

/** Leaves the cluster when the service stops, after everything that uses the cache. */
final class HazelcastMember implements Managed {
    private final HazelcastInstance hazelcast;

    HazelcastMember(HazelcastInstance hazelcast) {
        this.hazelcast = hazelcast;
    }

    @Override
    public void stop() {
        hazelcast.shutdown();
    }
}
