package io.thezone.persistence.engine;

import io.thezone.domain.Session;
import io.thezone.persistence.spi.StoredSession;
import java.util.Optional;

/**
 * A session and the stored form that it was read from, which a save is based on.
 *
 * @param stored empty for a session that the store does not hold
 */
record VersionedSession(Session session, Optional<StoredSession> stored) {
    static final VersionedSession ABSENT = new VersionedSession(Session.EMPTY, Optional.empty());

    /** @throws UnreadableSessionException if this version of the service cannot read it */
    static VersionedSession of(StoredSession stored) {
        return new VersionedSession(SessionDocument.read(stored), Optional.of(stored));
    }

    static Optional<VersionedSession> ifReadable(StoredSession stored) {
        try {
            return Optional.of(of(stored));
        } catch (UnreadableSessionException e) {
            return Optional.empty();
        }
    }
}
