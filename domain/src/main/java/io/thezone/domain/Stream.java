package io.thezone.domain;

import java.time.Instant;

/**
 * A lease that a session holds while somebody watches. It lives until it is ended or {@code expiresAt} passes.
 *
 * @param startedAt when it was admitted
 * @param lastSeenAt its last sign of life that was saved
 * @param expiresAt the first moment at which it no longer lives
 */
public record Stream(StreamId id, Attributes attributes, Instant startedAt, Instant lastSeenAt, Instant expiresAt) {

    public Stream {
        if (lastSeenAt.isBefore(startedAt) || !expiresAt.isAfter(lastSeenAt)) {
            throw new IllegalArgumentException("a stream starts, is seen and expires, in this order");
        }
    }

    static Stream start(StreamRequest request, Lease lease, Instant now) {
        return new Stream(request.id(), request.attributes(), now, now, now.plus(lease.duration()));
    }

    public boolean livesAt(Instant now) {
        return now.isBefore(expiresAt);
    }

    /** The same but for what is known of it. */
    public Stream with(Attributes other) {
        return new Stream(id, other, startedAt, lastSeenAt, expiresAt);
    }

    /** Never shortens: a lease that was promised holds, whatever the settings say by now. */
    Stream renew(Lease lease, Instant now) {
        Instant renewed = now.plus(lease.duration());
        return new Stream(id, attributes, startedAt, now, renewed.isAfter(expiresAt) ? renewed : expiresAt);
    }
}
