package io.thezone.domain;

import java.time.Instant;
import java.util.List;

/**
 * The live streams of a session at a time of the store.
 *
 * @param streams oldest first
 */
public record ActiveStreams(List<Stream> streams, Instant decidedAt) {
    public ActiveStreams {
        streams = List.copyOf(streams);
    }
}
