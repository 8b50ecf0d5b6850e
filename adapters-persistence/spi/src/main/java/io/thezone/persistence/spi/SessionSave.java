package io.thezone.persistence.spi;

import java.time.Instant;
import java.util.Optional;

/**
 * One session to be saved if the store still holds its base.
 *
 * @param base the stored session that the change was decided on; empty if the store held none
 * @param decidedAt the store's time at which it was decided
 * @param lapsesAt when the session may be removed, in whole microseconds
 */
public record SessionSave(
        SessionKey key,
        Optional<StoredSession> base,
        Instant decidedAt,
        Instant lapsesAt,
        int format,
        String document) {}
