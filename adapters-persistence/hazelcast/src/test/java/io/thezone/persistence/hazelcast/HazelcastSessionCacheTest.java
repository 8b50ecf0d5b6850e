package io.thezone.persistence.hazelcast;

import io.thezone.persistence.contract.SessionCacheContract;
import io.thezone.persistence.memory.MemorySessionRepository;
import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionRepository;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class HazelcastSessionCacheTest implements SessionCacheContract {
    private static CacheUnderTest member;

    private final SessionRepository repository = new MemorySessionRepository(InstantSource.system());

    @BeforeAll
    static void startMember() throws Exception {
        member = new CacheUnderTest(Duration.ofSeconds(5));
    }

    @AfterAll
    static void stopMember() {
        member.close();
    }

    @Override
    public SessionCache cache() {
        return member.cache();
    }

    @Override
    public SessionRepository repository() {
        return repository;
    }
}
