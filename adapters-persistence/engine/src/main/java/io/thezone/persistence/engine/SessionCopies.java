package io.thezone.persistence.engine;

import io.thezone.persistence.spi.LoadedSessions;
import io.thezone.persistence.spi.RejectedDataException;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.SessionSave;
import io.thezone.persistence.spi.StoredSession;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds the sessions of one batch: what the writer remembers, what the cache holds, and what the store holds. Only the last is
 * never stale; it corrects the other two.
 */
final class SessionCopies {
    /** Takes a session that was loaded at the given time of the store. */
    interface Loaded {
        void accept(SessionKey key, VersionedSession session, Instant now);
    }

    private final EngineParts parts;
    private final RecentSessions recent;
    private final boolean usesCache;
    private final CachedCopies cached;

    /** The remembered sessions that were asked for, so that none is decoded twice. */
    private final Map<SessionKey, VersionedSession> decoded = new HashMap<>();

    SessionCopies(EngineParts parts, RecentSessions recent) {
        this.parts = parts;
        this.recent = recent;
        this.usesCache = parts.nextBatchUsesCache();
        this.cached = new CachedCopies(parts.cache(), parts.cacheFailures());
    }

    /** What the writer remembers of a session; empty if it remembers nothing that can be read. */
    Optional<VersionedSession> remembered(SessionKey key) {
        StoredSession stored = recent.get(key);
        Optional<VersionedSession> session = stored == null ? Optional.empty() : VersionedSession.ifReadable(stored);
        session.ifPresent(it -> decoded.put(key, it));
        return session;
    }

    /** Whether nothing is known of a session: it may be new. */
    boolean mayBeNew(SessionKey key) {
        return !recent.wasStored(key);
    }

    /**
     * Asks the cache, if this batch uses it.
     *
     * @param decide given each copy; true if the decision on it changes the session, so that no load is needed
     */
    void fromCache(List<SessionKey> keys, BiPredicate<SessionKey, VersionedSession> decide) {
        if (usesCache && !keys.isEmpty()) {
            long began = parts.nanoTime().getAsLong();
            Map<SessionKey, VersionedSession> copies = cached.read(keys);
            long took = parts.nanoTime().getAsLong() - began;
            int spared = 0;
            for (Map.Entry<SessionKey, VersionedSession> copy : copies.entrySet()) {
                spared += decide.test(copy.getKey(), copy.getValue()) ? 1 : 0;
            }
            parts.cacheUse().asked(keys.size(), took, spared);
        }
    }

    /**
     * Loads sessions. One that the store cannot read is found by halving.
     *
     * @param decide given each session that could be loaded
     * @param fail given each session that cannot be read, or on which {@code decide} failed
     */
    void load(List<SessionKey> keys, Loaded decide, BiConsumer<SessionKey, RuntimeException> fail) {
        if (!keys.isEmpty()) {
            loadPart(keys, decide, fail);
            cached.dropLost();
        }
    }

    private void loadPart(List<SessionKey> keys, Loaded decide, BiConsumer<SessionKey, RuntimeException> fail) {
        LoadedSessions loaded;
        try {
            loaded = parts.store().load(keys);
        } catch (RejectedDataException e) {
            if (keys.size() == 1) {
                fail.accept(keys.get(0), e);
            } else {
                int half = keys.size() / 2;
                loadPart(keys.subList(0, half), decide, fail);
                loadPart(keys.subList(half, keys.size()), decide, fail);
            }
            return;
        }
        for (SessionKey key : keys) {
            try {
                decide.accept(key, read(key, loaded.sessions().get(key)), loaded.now());
            } catch (RuntimeException e) {
                fail.accept(key, e);
            }
        }
    }

    /** A session that is remembered already is neither decoded nor remembered again. */
    private VersionedSession read(SessionKey key, @Nullable StoredSession stored) {
        cached.compare(key, stored);
        if (stored == null) {
            recent.forget(key);
            return VersionedSession.ABSENT;
        }
        VersionedSession known = decoded.get(key);
        if (known != null && known.stored().equals(Optional.of(stored))) {
            return known;
        }
        VersionedSession session = VersionedSession.of(stored);
        recent.put(key, stored);
        return session;
    }

    /**
     * Remembers what was saved, and publishes it to the cache from the third save on. Until then it is remembered only: many
     * sessions just start and end one stream, which no other node asks for.
     *
     * @param versions of the sessions that were saved
     */
    void saved(List<SessionSave> saves, Map<SessionKey, Long> versions) {
        Map<SessionKey, StoredSession> copies = new HashMap<>();
        for (SessionSave save : saves) {
            Long version = versions.get(save.key());
            if (version != null) {
                StoredSession stored = new StoredSession(version, save.format(), save.document());
                boolean isNew = save.base().isEmpty();
                if (usesCache && (recent.remembersNothing() || !(isNew || recent.isNew(save.key())))) {
                    copies.put(save.key(), stored);
                }
                if (isNew) {
                    recent.putNew(save.key(), stored);
                } else {
                    recent.put(save.key(), stored);
                }
            }
        }
        cached.publish(copies);
    }
}
