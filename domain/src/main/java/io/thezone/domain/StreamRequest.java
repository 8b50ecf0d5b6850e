package io.thezone.domain;

import java.util.Set;

/**
 * A stream that somebody asks for.
 *
 * @param id the id that it would have
 * @param attributes where it would play, what, and for whom; of a stream that lives, none means that they stay as they are
 * @param replaces streams of the same session that end if this one is granted, and live on if it is not
 */
public record StreamRequest(StreamId id, Attributes attributes, Set<StreamId> replaces) {

    /** @throws IllegalArgumentException if it would replace itself */
    public StreamRequest {
        replaces = Set.copyOf(replaces);
        if (replaces.contains(id)) {
            throw new IllegalArgumentException("replaces must not name the stream itself");
        }
    }

    boolean changes(Stream held) {
        return !attributes.values().isEmpty() && !attributes.equals(held.attributes());
    }

    /** One that replaces none. */
    public StreamRequest(StreamId id, Attributes attributes) {
        this(id, attributes, Set.of());
    }
}
