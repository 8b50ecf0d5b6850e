package io.thezone.persistence.spi;

import io.thezone.domain.Session;

/**
 * What a session is decided on, wherever that was learned.
 *
 * @param version the version it had; {@link StoredSession#ABSENT} if there was none
 */
record Copy(Session session, long version) {
    static final Copy ABSENT = new Copy(Session.EMPTY, StoredSession.ABSENT);

    /** @throws UnreadableSessionException if it cannot be read */
    static Copy of(StoredSession stored) {
        return new Copy(SessionDocument.read(stored), stored.version());
    }
}
