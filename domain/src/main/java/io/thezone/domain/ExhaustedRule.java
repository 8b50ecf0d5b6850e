package io.thezone.domain;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;

/**
 * A rule of a quota that admits no further stream.
 *
 * @param name the rule's name; {@link StreamQuota#TOTAL} for the total
 * @param streams those that count against it, oldest first; never empty
 */
public record ExhaustedRule(String name, int limit, List<Stream> streams) {
    public ExhaustedRule {
        if (streams.isEmpty()) {
            throw new IllegalArgumentException("a rule is used up by at least one stream");
        }
        streams = List.copyOf(streams);
    }

    /** When the first of its streams would lapse. */
    public Instant retryAt() {
        return streams.stream()
                .map(Stream::expiresAt)
                .min(Comparator.naturalOrder())
                .orElseThrow();
    }
}
