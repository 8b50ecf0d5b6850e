package io.thezone.domain;

import java.util.Optional;
import java.util.Set;

/**
 * A stream that somebody asks for.
 *
 * @param id the id that it would have
 * @param attributes where it would play, what, and for whom; of a stream that lives, none means that they stay as they are
 * @param replaces streams of the same session that end if this one is granted, and live on if it is not
 * @param fingerprint of attributes and {@code replaces}, if it is asked for under an idempotency key
 */
public record StreamRequest(
        StreamId id, Attributes attributes, Set<StreamId> replaces, Optional<Fingerprint> fingerprint) {

    /** @throws IllegalArgumentException if it would replace itself */
    public StreamRequest {
        replaces = Set.copyOf(replaces);
        if (replaces.contains(id)) {
            throw new IllegalArgumentException("replaces must not name the stream itself");
        }
    }

    /** One without an idempotency key. */
    public StreamRequest(StreamId id, Attributes attributes, Set<StreamId> replaces) {
        this(id, attributes, replaces, Optional.empty());
    }

    /** Whether its key was first used to ask for something else; a request that says nothing asks for the same again. */
    boolean contradicts(Optional<Fingerprint> first) {
        return fingerprint.isPresent() && first.isPresent() && !fingerprint.equals(first) && !saysNothing();
    }

    /** Whether its key was first used to ask for just this. */
    boolean repeats(Optional<Fingerprint> first) {
        return fingerprint.isPresent() && fingerprint.equals(first);
    }

    private boolean saysNothing() {
        return attributes.values().isEmpty() && replaces.isEmpty();
    }

    boolean changes(Stream held) {
        return !attributes.values().isEmpty() && !attributes.equals(held.attributes());
    }

    /** One that replaces none. */
    public StreamRequest(StreamId id, Attributes attributes) {
        this(id, attributes, Set.of());
    }
}
