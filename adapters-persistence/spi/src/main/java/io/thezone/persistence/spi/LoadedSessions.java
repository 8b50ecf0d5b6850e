package io.thezone.persistence.spi;

import java.time.Instant;
import java.util.Map;

/**
 * @param sessions those of the asked for that the store holds
 * @param now the store's time, not later than when the first of them was read, so that what seems to have lapsed by then had not
 *     been renewed
 */
public record LoadedSessions(Map<SessionKey, StoredSession> sessions, Instant now) {}
