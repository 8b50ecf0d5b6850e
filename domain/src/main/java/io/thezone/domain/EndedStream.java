package io.thezone.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * The end of a stream, which a session remembers for a while so that its player learns the reason.
 *
 * @param forgetAt the first moment at which the end is no longer remembered; later than any heartbeat of a player that still
 *     runs
 * @param successor the stream for which it had to end, if there is one
 * @param fingerprint of the request that started the stream under an idempotency key, if one did
 * @param beforeStart whether the session did not know the stream when it was ended: its start may still be on its way, and is
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
    /** How long an end is remembered at least; longer if the stream's lease was longer. */
    static final Duration MIN_MEMORY = Restart.MAX_PAUSE;

    /** How long an end before the start is remembered, and the start refused. */
    static final Duration MEMORY_BEFORE_START = Duration.ofSeconds(60);

    /** Creates the end of a stream that has no successor and was started without an idempotency key. */
    public EndedStream(StreamId id, EndReason reason, Instant endedAt, Instant forgetAt) {
        this(id, reason, endedAt, forgetAt, Optional.empty(), Optional.empty(), false);
    }

    static EndedStream of(Stream stream, EndReason reason, Instant endedAt) {
        return of(stream, reason, endedAt, Optional.empty());
    }

    static EndedStream of(Stream stream, EndReason reason, Instant endedAt, Optional<Successor> successor) {
        Duration lease = stream.grantedLease();
        Duration memory = lease.compareTo(MIN_MEMORY) > 0 ? lease : MIN_MEMORY;
        return new EndedStream(
                stream.id(), reason, endedAt, endedAt.plus(memory), successor, stream.fingerprint(), false);
    }

    static EndedStream beforeStart(StreamId id, EndReason reason, Instant endedAt) {
        return new EndedStream(
                id, reason, endedAt, endedAt.plus(MEMORY_BEFORE_START), Optional.empty(), Optional.empty(), true);
    }

    /** Says whether a player's own id is used up: no stream can start under it for as long as the end is remembered. */
    boolean refusesStart() {
        return beforeStart || reason.endedByAnotherPlayer();
    }

    /** Says whether a request for a stream under this id comes too soon, or should not come at all. */
    boolean refusesStart(Restart restart, Instant now) {
        if (refusesStart() && !restart.afterEndByAnother()) {
            return true;
        }
        return reason != EndReason.EXPIRED && now.isBefore(endedAt.plus(restart.pause()));
    }

    /** Returns when a start that was refused would be granted; empty if the player must ask for another stream. */
    Optional<Instant> startsAgainAt(Restart restart) {
        if (refusesStart() && !restart.afterEndByAnother()) {
            return Optional.empty();
        }
        Instant afterPause = endedAt.plus(restart.pause());
        return Optional.of(afterPause.isBefore(forgetAt) ? afterPause : forgetAt);
    }

    /** Returns this end with another reason and time, remembered for as long as this one. */
    EndedStream because(EndReason other, Instant now) {
        Instant forget = now.plus(Duration.between(endedAt, forgetAt));
        return new EndedStream(id, other, now, forget, successor, fingerprint, beforeStart);
    }

    /** Returns this end, moved back to {@code now} if it is later. */
    EndedStream notAfter(Instant now) {
        return endedAt.isAfter(now) ? because(reason, now) : this;
    }
}
