package io.thezone.domain;

import java.time.Duration;
import java.time.Instant;

/**
 * What a session remembers of a stream that it no longer holds, so that its player can be told why.
 *
 * @param forgetAt from when on it is not remembered; no player that still beats asks so late
 */
public record EndedStream(StreamId id, EndReason reason, Instant endedAt, Instant forgetAt) {
    static final Duration MIN_MEMORY = Duration.ofMinutes(10);

    static EndedStream of(Stream stream, EndReason reason, Instant endedAt) {
        Duration granted = Duration.between(stream.lastSeenAt(), stream.expiresAt());
        Duration memory = granted.compareTo(MIN_MEMORY) > 0 ? granted : MIN_MEMORY;
        return new EndedStream(stream.id(), reason, endedAt, endedAt.plus(memory));
    }
}
