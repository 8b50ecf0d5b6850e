package io.thezone.persistence.spi;

import java.time.Instant;
import java.util.Map;

/**
 * @param sessions the requested sessions that the store holds
 * @param now the store's time, not later than the first read, so that a stream which seems to have lapsed was not renewed
 *     meanwhile
 */
public record LoadedSessions(Map<SessionKey, StoredSession> sessions, Instant now) {}
