package io.thezone.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A lease that a session holds while something is watched. It lives until it is ended or {@code expiresAt} passes.
 *
 * @param startedAt when it was admitted
 * @param lastSeenAt its last heartbeat that was saved
 * @param expiresAt the first moment at which it no longer lives
 * @param fingerprint of the request that started it under an idempotency key, if one did
 */
public record Stream(
        StreamId id,
        Attributes attributes,
        Instant startedAt,
        Instant lastSeenAt,
        Instant expiresAt,
        Optional<Fingerprint> fingerprint) {

    public Stream {
        if (lastSeenAt.isBefore(startedAt) || !expiresAt.isAfter(lastSeenAt)) {
            throw new IllegalArgumentException("a stream starts, is seen and expires, in this order");
        }
    }

    /** Creates a stream that was started without an idempotency key. */
    public Stream(StreamId id, Attributes attributes, Instant startedAt, Instant lastSeenAt, Instant expiresAt) {
        this(id, attributes, startedAt, lastSeenAt, expiresAt, Optional.empty());
    }

    static Stream start(StreamRequest request, Optional<Fingerprint> fingerprint, Lease lease, Instant now) {
        return new Stream(request.id(), request.attributes(), now, now, now.plus(lease.duration()), fingerprint);
    }

    public boolean livesAt(Instant now) {
        return now.isBefore(expiresAt);
    }

    /**
     * Says whether nobody seems to watch any more: the next heartbeat that had to be saved is overdue by a heartbeat. A player that
     * sends its heartbeats in time, and loses at most one, never looks dead.
     */
    public boolean looksDead(Lease lease, Instant now) {
        Duration early = Duration.between(lastSeenAt, lastEarlyHeartbeat(lease));
        long heartbeats = early.isNegative() ? 1 : early.dividedBy(lease.heartbeat()) + 1;
        return now.isAfter(lastSeenAt.plus(lease.heartbeat().multipliedBy(heartbeats + 1)));
    }

    /**
     * Says whether a heartbeat at {@code now} need not be saved: at least 2.5 heartbeats are left, so that the next one comes in
     * time even when one gets lost.
     */
    boolean isEarly(Lease lease, Instant now) {
        return !now.isAfter(lastEarlyHeartbeat(lease));
    }

    private Instant lastEarlyHeartbeat(Lease lease) {
        return expiresAt.minus(lease.heartbeat().multipliedBy(5).dividedBy(2));
    }

    /** Returns this stream with other attributes. */
    public Stream with(Attributes other) {
        return new Stream(id, other, startedAt, lastSeenAt, expiresAt, fingerprint);
    }

    /** Returns this stream, seen now. Never shortens: a lease that was granted holds, even after the settings have changed. */
    Stream renew(Lease lease, Instant now) {
        Instant renewed = now.plus(lease.duration());
        return new Stream(
                id, attributes, startedAt, now, renewed.isAfter(expiresAt) ? renewed : expiresAt, fingerprint);
    }

    /** Returns this stream with all its past at {@code now} or before; it lives on for as long as it was granted. */
    Stream notAfter(Instant now) {
        return lastSeenAt.isAfter(now)
                ? new Stream(
                        id,
                        attributes,
                        startedAt.isAfter(now) ? now : startedAt,
                        now,
                        now.plus(grantedLease()),
                        fingerprint)
                : this;
    }

    /** Returns how long the stream lives after its last saved heartbeat. */
    Duration grantedLease() {
        return Duration.between(lastSeenAt, expiresAt);
    }
}
