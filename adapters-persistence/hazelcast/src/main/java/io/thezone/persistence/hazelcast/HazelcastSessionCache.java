package io.thezone.persistence.hazelcast;

import com.hazelcast.map.IMap;
import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.StoredSession;
import java.time.Duration;
import java.util.Base64;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** Copies of sessions in an {@link IMap}. Reading never takes longer than the time limit, publishing never waits. */
final class HazelcastSessionCache implements SessionCache {
    static final int SERIALIZER_FACTORY = 1;
    static final int PUBLISH_IF_NEWER = 1;

    /** After a read that was late the cache is left alone for this long, so that not every request waits for it. */
    static final Duration PAUSE = Duration.ofSeconds(1);

    /** Publishing beyond this is not worth the memory that it would hold: copies are only a saving. */
    static final int MAX_PUBLISHING = 10_000;

    private final IMap<String, StoredSession> map;
    private final Duration timeLimit;
    private final Semaphore publishing = new Semaphore(MAX_PUBLISHING);
    private volatile long pausedUntil = System.nanoTime();

    HazelcastSessionCache(IMap<String, StoredSession> map, Duration timeLimit) {
        this.map = map;
        this.timeLimit = timeLimit;
    }

    @Override
    public Map<SessionKey, StoredSession> get(Collection<SessionKey> keys) {
        long start = System.nanoTime();
        if (start - pausedUntil < 0) {
            return Map.of();
        }
        Map<SessionKey, CompletableFuture<StoredSession>> reads = new HashMap<>();
        for (SessionKey key : keys) {
            reads.put(key, map.getAsync(name(key)).toCompletableFuture());
        }
        Map<SessionKey, StoredSession> copies = new HashMap<>();
        try {
            for (Map.Entry<SessionKey, CompletableFuture<StoredSession>> read : reads.entrySet()) {
                long left = timeLimit.toNanos() - (System.nanoTime() - start);
                StoredSession copy = read.getValue().get(left, TimeUnit.NANOSECONDS);
                if (copy != null) {
                    copies.put(read.getKey(), copy);
                }
            }
        } catch (TimeoutException | ExecutionException e) {
            pausedUntil = System.nanoTime() + PAUSE.toNanos();
            throw new IllegalStateException("did not answer within " + timeLimit.toMillis() + " ms", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return copies;
    }

    @Override
    public void publish(Map<SessionKey, StoredSession> saved) {
        saved.forEach((key, session) -> {
            if (publishing.tryAcquire()) {
                map.submitToKey(name(key), new PublishIfNewer(session))
                        .whenComplete((done, failure) -> publishing.release());
            }
        });
    }

    static String name(SessionKey key) {
        return Base64.getEncoder().withoutPadding().encodeToString(key.bytes());
    }
}
