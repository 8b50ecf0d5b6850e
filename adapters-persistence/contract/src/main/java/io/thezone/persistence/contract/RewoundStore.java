package io.thezone.persistence.contract;

import io.thezone.persistence.spi.LoadedSessions;
import io.thezone.persistence.spi.SavedSessions;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.SessionRepository;
import io.thezone.persistence.spi.SessionSave;
import io.thezone.persistence.spi.StoredSession;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/** A store that can lose what it has saved of one session, and then draws the versions of that again for other contents. */
final class RewoundStore implements SessionRepository {
    private final SessionRepository store;
    private final SessionKey key;

    /** How far the versions that it claims are behind those of the store. */
    private long behind;

    /** The version that it claims for the next save. */
    private OptionalLong repeated = OptionalLong.empty();

    RewoundStore(SessionRepository store, SessionKey key) {
        this.store = store;
        this.key = key;
    }

    synchronized StoredSession held() {
        return Objects.requireNonNull(load(List.of(key)).sessions().get(key));
    }

    /** Puts the session back to what it was; the next save has the version that the session has now. */
    synchronized void rewind(StoredSession earlier) {
        repeated = OptionalLong.of(held().version());
        LoadedSessions loaded = store.load(List.of(key));
        store.saveIfUnchanged(List.of(new SessionSave(
                key,
                Optional.ofNullable(loaded.sessions().get(key)),
                loaded.now(),
                loaded.now().plusSeconds(600),
                earlier.format(),
                earlier.document())));
    }

    @Override
    public synchronized LoadedSessions load(Collection<SessionKey> keys) {
        LoadedSessions loaded = store.load(keys);
        Map<SessionKey, StoredSession> sessions = new HashMap<>(loaded.sessions());
        sessions.computeIfPresent(key, (any, session) -> moved(session, -behind));
        return new LoadedSessions(sessions, loaded.now());
    }

    @Override
    public synchronized SavedSessions saveIfUnchanged(List<SessionSave> saves) {
        SavedSessions saved = store.saveIfUnchanged(saves.stream()
                .map(save -> save.key().equals(key) ? onTheStores(save) : save)
                .toList());
        Map<SessionKey, Long> versions = new HashMap<>(saved.versions());
        versions.computeIfPresent(key, (any, version) -> {
            behind = repeated.isPresent() ? version - repeated.getAsLong() : behind;
            repeated = OptionalLong.empty();
            return version - behind;
        });
        return new SavedSessions(versions, saved.now());
    }

    private SessionSave onTheStores(SessionSave save) {
        return new SessionSave(
                save.key(),
                save.base().map(base -> moved(base, behind)),
                save.decidedAt(),
                save.lapsesAt(),
                save.format(),
                save.document());
    }

    private static StoredSession moved(StoredSession session, long by) {
        return new StoredSession(session.version() + by, session.format(), session.document());
    }
}
