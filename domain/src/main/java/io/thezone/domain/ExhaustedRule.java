package io.thezone.domain;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A rule of a quota that admits no further stream.
 *
 * @param name the rule's name; {@link StreamQuota#TOTAL} for the total
 * @param surplus how many streams at least would have to end, for this rule alone; at least 1
 * @param streams those that count against it, oldest first; empty only if the limit is 0
 */
public record ExhaustedRule(String name, int limit, int surplus, List<Stream> streams) {
    public ExhaustedRule {
        streams = List.copyOf(streams);
    }

    /** When the first of its streams would lapse. */
    public Optional<Instant> retryAt() {
        return streams.stream().map(Stream::expiresAt).min(Comparator.naturalOrder());
    }
}
