package io.thezone.persistence.hazelcast;

import com.hazelcast.config.Config;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import com.hazelcast.map.IMap;
import io.dropwizard.lifecycle.Managed;
import io.thezone.persistence.spi.StoredSession;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.CompletableFuture;

/** The embedded Hazelcast member. It starts in the background, because this takes a second; it stops after its users. */
final class HazelcastMember implements Managed, Publisher.Target {
    static final String MAP = "sessions";

    private final CompletableFuture<HazelcastInstance> hazelcast;

    private HazelcastMember(CompletableFuture<HazelcastInstance> hazelcast) {
        this.hazelcast = hazelcast;
    }

    static HazelcastMember startAsync(Config config) {
        return new HazelcastMember(CompletableFuture.supplyAsync(
                () -> start(config), task -> new Thread(task, "hazelcast-start").start()));
    }

    private static HazelcastInstance start(Config config) {
        HazelcastInstance instance = Hazelcast.newHazelcastInstance(config);
        instance.getMap(MAP).addInterceptor(new NewerWins());
        return instance;
    }

    @Override
    public void drop(Collection<String> names) {
        names.forEach(sessions()::delete);
    }

    @Override
    public void add(Map<String, StoredSession> copies) {
        sessions().setAll(copies);
    }

    /** @return the map of copies, shared by all members */
    IMap<String, StoredSession> sessions() {
        return instance().getMap(MAP);
    }

    HazelcastInstance instance() {
        return hazelcast.join();
    }

    /** @throws Exception if the member did not start; then the service does not start either */
    @Override
    public void start() throws Exception {
        hazelcast.get();
    }

    @Override
    public void stop() {
        instance().shutdown();
    }
}
