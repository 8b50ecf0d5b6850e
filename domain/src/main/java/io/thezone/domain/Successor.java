package io.thezone.domain;

/**
 * The stream for which another had to end.
 *
 * @param device what is known of the device that it plays on
 */
public record Successor(StreamId id, Attributes device) {
    static Successor of(StreamRequest request) {
        return new Successor(request.id(), request.attributes().device());
    }
}
