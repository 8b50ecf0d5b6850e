package io.thezone.persistence.spi;

import java.time.Instant;
import java.util.Map;

/**
 * @param sessions those of the asked for that the store holds
 * @param now the store's time, not later than when the last of them was read
 */
public record LoadedSessions(Map<SessionKey, StoredSession> sessions, Instant now) {}
