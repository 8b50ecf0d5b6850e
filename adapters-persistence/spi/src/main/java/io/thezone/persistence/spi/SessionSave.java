package io.thezone.persistence.spi;

import java.time.Instant;

/**
 * One session to be saved, if the store still holds what the change was decided on.
 *
 * @param base the version it was decided on; {@link StoredSession#ABSENT} if the store held none
 * @param decidedAt the store's time at which it was decided
 * @param lapsesAt from when on the session may be removed; microseconds are kept
 */
public record SessionSave(
        SessionKey key, long base, Instant decidedAt, Instant lapsesAt, int format, String document) {}
