package io.thezone.domain;

import java.util.Optional;
import java.util.Set;

/**
 * A request for a stream.
 *
 * @param id the id that the stream has or would have
 * @param attributes of the stream; {@link Attributes#NONE} leaves those of a live stream as they are
 * @param replaces streams of the same session that end if this one is granted, and live on if it is not
 * @param fingerprint of attributes and {@code replaces}, if the request has an idempotency key
 * @param restart when the stream may start again after its end
 * @param keepsOthers whether a live stream keeps the attributes that the request does not have
 */
public record StreamRequest(
        StreamId id,
        Attributes attributes,
        Set<StreamId> replaces,
        Optional<Fingerprint> fingerprint,
        Restart restart,
        boolean keepsOthers) {

    /** @throws IllegalArgumentException if the stream would replace itself */
    public StreamRequest {
        replaces = Set.copyOf(replaces);
        if (replaces.contains(id)) {
            throw new IllegalArgumentException("replaces must not name the stream itself");
        }
    }

    /** Creates a request whose id the player made itself. */
    public StreamRequest(
            StreamId id, Attributes attributes, Set<StreamId> replaces, Optional<Fingerprint> fingerprint) {
        this(id, attributes, replaces, fingerprint, Restart.OF_OWN_ID, false);
    }

    /** Creates a request without an idempotency key. */
    public StreamRequest(StreamId id, Attributes attributes, Set<StreamId> replaces) {
        this(id, attributes, replaces, Optional.empty());
    }

    /**
     * Creates a request that is repeated while the stream lives and may know less of it than the first one: it has no idempotency
     * key, replaces nothing, and leaves the attributes that it does not have as they are.
     */
    public static StreamRequest repeated(StreamId id, Attributes attributes, Restart restart) {
        return new StreamRequest(id, attributes, Set.of(), Optional.empty(), restart, true);
    }

    /** Creates a request that has no idempotency key and replaces nothing. */
    public StreamRequest(StreamId id, Attributes attributes) {
        this(id, attributes, Set.of());
    }

    /**
     * Says whether the idempotency key was first used for a different request. A request without a body repeats the first one,
     * whatever that was.
     */
    boolean contradicts(Optional<Fingerprint> first) {
        return fingerprint.isPresent() && first.isPresent() && !fingerprint.equals(first) && !isEmpty();
    }

    /** Says whether the idempotency key was first used for the same request. */
    boolean repeats(Optional<Fingerprint> first) {
        return fingerprint.isPresent() && fingerprint.equals(first);
    }

    private boolean isEmpty() {
        return attributes.values().isEmpty() && replaces.isEmpty();
    }

    /** Returns this request with the attributes that the live stream would have. */
    StreamRequest completedBy(Attributes held) {
        return keepsOthers
                ? new StreamRequest(id, attributes.completedBy(held), replaces, fingerprint, restart, true)
                : this;
    }

    /** Says whether a live stream with these attributes would get others. */
    boolean changes(Attributes held) {
        return !attributes.values().isEmpty() && !attributes.equals(held);
    }
}
