package io.thezone.domain;

/**
 * The stream for which another one had to end.
 *
 * @param device the attributes of the device that it plays on, as far as they are known
 */
public record Successor(StreamId id, Attributes device) {
    static Successor of(StreamRequest request) {
        return new Successor(request.id(), request.attributes().device());
    }
}
