package io.thezone.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a session remembers of a stream that it no longer holds, so that its player can be told why.
 *
 * @param forgetAt from when on it is not remembered; no player that still beats asks so late
 * @param successor the stream for which it had to end, if for any
 */
public record EndedStream(
        StreamId id, EndReason reason, Instant endedAt, Instant forgetAt, Optional<Successor> successor) {
    static final Duration MIN_MEMORY = Duration.ofMinutes(10);

    /** One that ended by itself. */
    public EndedStream(StreamId id, EndReason reason, Instant endedAt, Instant forgetAt) {
        this(id, reason, endedAt, forgetAt, Optional.empty());
    }

    static EndedStream of(Stream stream, EndReason reason, Instant endedAt) {
        return of(stream, reason, endedAt, Optional.empty());
    }

    static EndedStream of(Stream stream, EndReason reason, Instant endedAt, Optional<Successor> successor) {
        Duration granted = Duration.between(stream.lastSeenAt(), stream.expiresAt());
        Duration memory = granted.compareTo(MIN_MEMORY) > 0 ? granted : MIN_MEMORY;
        return new EndedStream(stream.id(), reason, endedAt, endedAt.plus(memory), successor);
    }
}
