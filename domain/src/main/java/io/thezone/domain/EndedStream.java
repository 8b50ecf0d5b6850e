package io.thezone.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * What a session remembers of a stream that it no longer holds, so that its player can be told why.
 *
 * @param forgetAt from when on it is not remembered; no player that still beats asks so late
 * @param successor the stream for which it had to end, if for any
 * @param fingerprint of the request that started it under an idempotency key, if one did
 * @param beforeStart whether it was ended while the session knew nothing of it: its start, which may still be on its way, is
 *     refused
 */
public record EndedStream(
        StreamId id,
        EndReason reason,
        Instant endedAt,
        Instant forgetAt,
        Optional<Successor> successor,
        Optional<Fingerprint> fingerprint,
        boolean beforeStart) {
    static final Duration MIN_MEMORY = Duration.ofMinutes(10);

    /** For how long a start is refused that an end overtook. */
    static final Duration MEMORY_BEFORE_START = Duration.ofSeconds(60);

    /** One that ended by itself, and was started without a key. */
    public EndedStream(StreamId id, EndReason reason, Instant endedAt, Instant forgetAt) {
        this(id, reason, endedAt, forgetAt, Optional.empty(), Optional.empty(), false);
    }

    static EndedStream of(Stream stream, EndReason reason, Instant endedAt) {
        return of(stream, reason, endedAt, Optional.empty());
    }

    static EndedStream of(Stream stream, EndReason reason, Instant endedAt, Optional<Successor> successor) {
        Duration granted = stream.granted();
        Duration memory = granted.compareTo(MIN_MEMORY) > 0 ? granted : MIN_MEMORY;
        return new EndedStream(
                stream.id(), reason, endedAt, endedAt.plus(memory), successor, stream.fingerprint(), false);
    }

    static EndedStream beforeStart(StreamId id, EndReason reason, Instant endedAt) {
        return new EndedStream(
                id, reason, endedAt, endedAt.plus(MEMORY_BEFORE_START), Optional.empty(), Optional.empty(), true);
    }

    /** Whether a stream cannot start under this id for as long as the end is remembered. */
    boolean refusesStart() {
        return beforeStart || reason.isByAnother();
    }

    /** The same as an end for that reason at that time, remembered for as long. */
    EndedStream because(EndReason other, Instant now) {
        Instant forget = now.plus(Duration.between(endedAt, forgetAt));
        return new EndedStream(id, other, now, forget, successor, fingerprint, beforeStart);
    }

    /** The same, but if it was after that time it is at that time. */
    EndedStream notAfter(Instant now) {
        return endedAt.isAfter(now) ? because(reason, now) : this;
    }
}
