package io.thezone.persistence.hazelcast;

import com.hazelcast.core.Hazelcast;
import com.hazelcast.core.HazelcastInstance;
import io.thezone.persistence.contract.SessionCacheContract;
import io.thezone.persistence.memory.MemorySessionRepository;
import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionRepository;
import java.time.Duration;
import java.time.InstantSource;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class HazelcastSessionCacheTest extends SessionCacheContract {
    private static HazelcastInstance hazelcast;
    private static SessionCache cache;

    private final SessionRepository repository = new MemorySessionRepository(InstantSource.system());

    @BeforeAll
    static void startMember() {
        hazelcast = Hazelcast.newHazelcastInstance(new HazelcastCacheFactory().config(Duration.ofMinutes(1)));
        cache = new HazelcastSessionCache(
                () -> hazelcast.getMap(HazelcastCacheFactory.MAP),
                Duration.ofSeconds(5),
                Executors.newCachedThreadPool());
    }

    @AfterAll
    static void stopMember() {
        hazelcast.shutdown();
    }

    @Override
    protected SessionCache cache() {
        return cache;
    }

    @Override
    protected SessionRepository repository() {
        return repository;
    }
}
