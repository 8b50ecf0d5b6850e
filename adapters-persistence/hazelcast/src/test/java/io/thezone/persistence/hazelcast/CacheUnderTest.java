package io.thezone.persistence.hazelcast;

import com.hazelcast.map.IMap;
import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.StoredSession;
import java.time.Duration;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** A cache and its member, built as by the factory. */
final class CacheUnderTest implements AutoCloseable {
    private final ExecutorService readers = Executors.newCachedThreadPool();
    private final HazelcastMember member;
    private final Publisher publisher;
    private final SessionCache cache;

    CacheUnderTest(Duration timeLimit) throws Exception {
        this(timeLimit, Duration.ofMinutes(1));
    }

    CacheUnderTest(Duration timeLimit, Duration longestLease) throws Exception {
        member = HazelcastMember.startAsync(
                new HazelcastCacheFactory(io.dropwizard.util.Duration.milliseconds(30), 30).config(longestLease));
        member.start();
        publisher = new Publisher(member);
        publisher.start();
        cache = new HazelcastSessionCache(member, timeLimit, readers, publisher);
    }

    /** @return a second cache on the same member, not started */
    HazelcastSessionCache cold(Duration timeLimit, ExecutorService itsReaders) {
        return new HazelcastSessionCache(member, timeLimit, itsReaders, publisher);
    }

    SessionCache cache() {
        return cache;
    }

    IMap<String, StoredSession> copies() {
        return member.sessions();
    }

    @Override
    public void close() {
        publisher.stop();
        member.stop();
        readers.shutdown();
    }
}
