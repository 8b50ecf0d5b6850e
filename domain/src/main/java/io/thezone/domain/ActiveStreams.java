package io.thezone.domain;

import java.time.Instant;
import java.util.List;

/**
 * The live streams of a session.
 *
 * @param streams oldest first
 * @param decidedAt the store's time at which they were live
 */
public record ActiveStreams(List<Stream> streams, Instant decidedAt) {
    public ActiveStreams {
        streams = List.copyOf(streams);
    }
}
