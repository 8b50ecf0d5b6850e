package io.thezone.persistence.spi;

import java.time.Instant;
import java.util.Optional;

/**
 * One session to be saved, if the store still holds what the change was decided on.
 *
 * @param base what it was decided on; empty if the store held none
 * @param decidedAt the store's time at which it was decided
 * @param lapsesAt from when on the session may be removed; microseconds are kept
 */
public record SessionSave(
        SessionKey key,
        Optional<StoredSession> base,
        Instant decidedAt,
        Instant lapsesAt,
        int format,
        String document) {}
