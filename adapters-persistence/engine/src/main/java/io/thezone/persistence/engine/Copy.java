package io.thezone.persistence.engine;

import io.thezone.domain.Session;
import io.thezone.persistence.spi.StoredSession;
import java.util.Optional;

/**
 * What a session is decided on, wherever that was learned.
 *
 * @param stored as the store held it; empty if it held none
 */
record Copy(Session session, Optional<StoredSession> stored) {
    static final Copy ABSENT = new Copy(Session.EMPTY, Optional.empty());

    /** @throws UnreadableSessionException if it cannot be read */
    static Copy of(StoredSession stored) {
        return new Copy(SessionDocument.read(stored), Optional.of(stored));
    }

    static Optional<Copy> ifReadable(StoredSession stored) {
        try {
            return Optional.of(of(stored));
        } catch (UnreadableSessionException e) {
            return Optional.empty();
        }
    }
}
