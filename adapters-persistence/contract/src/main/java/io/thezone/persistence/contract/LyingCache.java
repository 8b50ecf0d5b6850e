package io.thezone.persistence.contract;

import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.StoredSession;
import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A cache that keeps all copies it was ever given, and answers wrongly in one of several ways. */
final class LyingCache implements SessionCache {
    private static final Duration SLOWNESS = Duration.ofMillis(5);

    /** The ways in which a cache can be wrong. */
    enum Lie {
        /** Has forgotten everything. */
        EMPTY(false),
        /** Always answers with the first copy. */
        STALE(true),
        /** Answers late with the newest copy. */
        SLOW(true),
        /** Answers with the newest copy, then with ever older ones. */
        OLDER_AFTER_NEWER(true),
        /** Answers with copies of other sessions, also under the keys asked for. */
        FOREIGN(true),
        /** Answers with the document of the first copy and the version of the newest. */
        FORGED(true),
        /** Answers with the first copy and a version that the store never reaches. */
        FROM_ANOTHER_TIMELINE(true),
        /** Answers with the newest copy in a format that this version of the service cannot read. */
        NEWER_FORMAT(true),
        /** Fails at every call. */
        THROWING(false);

        /** Whether such a cache answers with copies at all. */
        final boolean answers;

        Lie(boolean answers) {
            this.answers = answers;
        }
    }

    private final Lie lie;
    private final Map<SessionKey, List<StoredSession>> published = new ConcurrentHashMap<>();
    private final AtomicInteger reads = new AtomicInteger();
    private final AtomicInteger answered = new AtomicInteger();

    LyingCache(Lie lie) {
        this.lie = lie;
    }

    /** How many copies it has answered with, of the sessions asked for. */
    int answered() {
        return answered.get();
    }

    @Override
    public Map<SessionKey, StoredSession> get(Collection<SessionKey> keys) {
        if (lie == Lie.THROWING) {
            throw new IllegalStateException("the cache is down");
        }
        Map<SessionKey, StoredSession> copies = new HashMap<>();
        for (SessionKey key : keys) {
            copyFor(key).ifPresent(copy -> copies.put(key, copy));
        }
        answered.addAndGet(copies.size());
        if (lie == Lie.FOREIGN) {
            published.forEach((key, all) -> copies.putIfAbsent(key, all.get(0)));
        }
        return copies;
    }

    @Override
    public void publish(Map<SessionKey, StoredSession> saved) {
        if (lie == Lie.THROWING) {
            throw new IllegalStateException("the cache is down");
        }
        saved.forEach((key, copy) -> published
                .computeIfAbsent(key, any -> new CopyOnWriteArrayList<>())
                .add(copy));
    }

    /** Keeps the copies, so that it goes on answering wrongly. */
    @Override
    public void drop(Collection<SessionKey> keys) {}

    private Optional<StoredSession> copyFor(SessionKey key) {
        if (lie == Lie.FOREIGN) {
            return published.entrySet().stream()
                    .filter(entry -> !entry.getKey().equals(key))
                    .findFirst()
                    .map(entry -> newest(entry.getValue()));
        }
        List<StoredSession> copies = published.get(key);
        if (copies == null || lie == Lie.EMPTY) {
            return Optional.empty();
        }
        return Optional.of(
                switch (lie) {
                    case STALE -> copies.get(0);
                    case OLDER_AFTER_NEWER -> copies.get(copies.size() - 1 - reads.getAndIncrement() % copies.size());
                    case NEWER_FORMAT -> new StoredSession(newest(copies).version(), 99, "{}");
                    case FORGED -> under(newest(copies).version(), copies.get(0));
                    case FROM_ANOTHER_TIMELINE -> under(Long.MAX_VALUE, copies.get(0));
                    case SLOW -> late(copies);
                    default -> throw new IllegalStateException("has no answer: " + lie);
                });
    }

    private static StoredSession under(long version, StoredSession copy) {
        return new StoredSession(version, copy.format(), copy.document());
    }

    private static StoredSession late(List<StoredSession> copies) {
        StoredSession copy = newest(copies);
        long end = System.nanoTime() + SLOWNESS.toNanos();
        while (System.nanoTime() - end < 0) {
            LockSupport.parkNanos(SLOWNESS.toNanos());
        }
        return copy;
    }

    private static StoredSession newest(List<StoredSession> copies) {
        return copies.get(copies.size() - 1);
    }
}
