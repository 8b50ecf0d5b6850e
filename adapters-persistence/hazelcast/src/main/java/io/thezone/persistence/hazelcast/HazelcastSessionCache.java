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
 * Copies of sessions in an IMap that all members share. Reading never takes longer than the time limit, publishing never
 * waits. A batch is one operation: an operation per session would cost more than the database does, most of it in waking
 * threads.
 */
final class HazelcastSessionCache implements SessionCache, Managed {
    static final int SERIALIZER_FACTORY = 1;
    static final int NEWER_WINS = 1;

    /** After a read that was late the cache is left alone for this long, so that not every request waits for it. */
    static final Duration PAUSE = Duration.ofSeconds(1);

    /** Reads in a row that must be on time until it counts as warm, and for how long they are tried. */
    private static final int WARM = 20;

    private static final Duration WARM_UP = Duration.ofSeconds(3);

    private static final Logger LOG = LoggerFactory.getLogger(HazelcastSessionCache.class);

    private final HazelcastMember member;
    private final Duration timeLimit;
    private final ExecutorService readers;
    private final Publisher publisher;
    private volatile long pausedUntil = System.nanoTime();

    /** @param readers runs the reads, which Hazelcast lets wait for longer than we do */
    HazelcastSessionCache(HazelcastMember member, Duration timeLimit, ExecutorService readers, Publisher publisher) {
        this.member = member;
        this.timeLimit = timeLimit;
        this.readers = readers;
        this.publisher = publisher;
    }

    /** The first reads of a cold JVM are late: they are made here, before anybody waits for them. */
    @Override
    public void start() {
        long began = System.nanoTime();
        int onTime = 0;
        while (onTime < WARM && System.nanoTime() - began < WARM_UP.toNanos()) {
            try {
                read(Set.of(name(SessionKey.NOBODY)));
                onTime++;
            } catch (IllegalStateException e) {
                LOG.debug("a read to warm up was late", e);
                onTime = 0;
            }
        }
        pausedUntil = System.nanoTime();
    }

    @Override
    public Map<SessionKey, StoredSession> get(Collection<SessionKey> keys) {
        if (System.nanoTime() - pausedUntil < 0) {
            throw new IllegalStateException("was late and is left alone for a while");
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
