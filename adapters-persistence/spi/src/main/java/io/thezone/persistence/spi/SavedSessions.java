package io.thezone.persistence.spi;

import java.time.Instant;
import java.util.Map;

/**
 * @param versions the new versions of the sessions that were saved; the others were not saved
 * @param now the store's time
 */
public record SavedSessions(Map<SessionKey, Long> versions, Instant now) {}
