package io.thezone.domain;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * A lease that a session holds while somebody watches. It lives until it is ended or {@code expiresAt} passes.
 *
 * @param startedAt when it was admitted
 * @param lastSeenAt its last sign of life that was saved
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

    /** One that was started without a key. */
    public Stream(StreamId id, Attributes attributes, Instant startedAt, Instant lastSeenAt, Instant expiresAt) {
        this(id, attributes, startedAt, lastSeenAt, expiresAt, Optional.empty());
    }

    static Stream start(StreamRequest request, Optional<Fingerprint> fingerprint, Lease lease, Instant now) {
        return new Stream(request.id(), request.attributes(), now, now, now.plus(lease.duration()), fingerprint);
    }

    public boolean livesAt(Instant now) {
        return now.isBefore(expiresAt);
    }

    /** The same but for what is known of it. */
    public Stream with(Attributes other) {
        return new Stream(id, other, startedAt, lastSeenAt, expiresAt, fingerprint);
    }

    /** Never shortens: a lease that was promised holds, whatever the settings say by now. */
    Stream renew(Lease lease, Instant now) {
        Instant renewed = now.plus(lease.duration());
        return new Stream(
                id, attributes, startedAt, now, renewed.isAfter(expiresAt) ? renewed : expiresAt, fingerprint);
    }

    /** The same as if what happens to it after that time had happened then: it lives on for as long as it was granted. */
    Stream notAfter(Instant now) {
        return lastSeenAt.isAfter(now)
                ? new Stream(
                        id, attributes, startedAt.isAfter(now) ? now : startedAt, now, now.plus(granted()), fingerprint)
                : this;
    }

    /** For how long it lives without a sign of life. */
    Duration granted() {
        return Duration.between(lastSeenAt, expiresAt);
    }
}
