package io.thezone.persistence.hazelcast;

import io.dropwizard.lifecycle.Managed;
import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.StoredSession;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps copies of sessions in an IMap that all members share. A read fails after the time limit; publishing never waits. A batch
 * is one operation: an operation per session would cost more than the database, because each wakes several threads.
 */
final class HazelcastSessionCache implements SessionCache, Managed {
    static final int SERIALIZER_FACTORY = 1;
    static final int NEWER_WINS = 1;

    /** For how long the cache is not read after a read that was too slow, so that not every request waits for it. */
    static final Duration PAUSE = Duration.ofSeconds(1);

    /** Warm-up ends after this many reads in a row within the time limit, or after {@link #WARM_UP}. */
    private static final int WARM_READS = 20;

    private static final Duration WARM_UP = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger(HazelcastSessionCache.class);

    private final HazelcastMember member;
    private final Duration timeLimit;
    private final ExecutorService readers;
    private final Publisher publisher;
    private volatile long pausedUntil = System.nanoTime();

    /** @param readers runs the reads, because Hazelcast has no time limit as short as ours */
    HazelcastSessionCache(HazelcastMember member, Duration timeLimit, ExecutorService readers, Publisher publisher) {
        this.member = member;
        this.timeLimit = timeLimit;
        this.readers = readers;
        this.publisher = publisher;
    }

    /** Warms up: the first reads of a cold JVM exceed the time limit, so they are made before the service takes requests. */
    @Override
    public void start() {
        long began = System.nanoTime();
        int onTime = 0;
        while (onTime < WARM_READS && System.nanoTime() - began < WARM_UP.toNanos()) {
            try {
                read(Set.of(name(SessionKey.NOBODY)));
                onTime++;
            } catch (IllegalStateException e) {
                LOG.debug("a warm-up read was too slow", e);
                onTime = 0;
            }
        }
        pausedUntil = System.nanoTime();
    }

    @Override
    public Map<SessionKey, StoredSession> get(Collection<SessionKey> keys) {
        if (System.nanoTime() - pausedUntil < 0) {
            throw new IllegalStateException("was too slow, and is not read for a while");
        }
        Map<String, SessionKey> names = new HashMap<>();
        keys.forEach(key -> names.put(name(key), key));
        Map<SessionKey, StoredSession> copies = new HashMap<>();
        read(names.keySet()).forEach((name, copy) -> copies.put(names.get(name), copy));
        return copies;
    }

    private Map<String, StoredSession> read(Set<String> names) {
        Future<Map<String, StoredSession>> reading =
                readers.submit(() -> member.sessions().getAll(names));
        try {
            return reading.get(timeLimit.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException | ExecutionException e) {
            reading.cancel(true);
            pausedUntil = System.nanoTime() + PAUSE.toNanos();
            throw new IllegalStateException("did not answer within " + timeLimit.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("was interrupted", e);
        }
    }

    @Override
    public void publish(Map<SessionKey, StoredSession> saved) {
        Map<String, StoredSession> copies = new HashMap<>();
        saved.forEach((key, session) -> copies.put(name(key), session));
        publisher.add(copies);
    }

    @Override
    public void drop(Collection<SessionKey> keys) {
        publisher.drop(keys.stream().map(HazelcastSessionCache::name).toList());
    }

    static String name(SessionKey key) {
        return Base64.getEncoder().withoutPadding().encodeToString(key.bytes());
    }
}
