package io.thezone.domain;

import java.util.List;
import java.util.Optional;

/**
 * How many streams a session may hold at once.
 *
 * @param limit 1 to {@value #MAX_LIMIT}
 */
public record StreamQuota(int limit) {
    /** Keeps a session small enough to be read and written as one row. */
    public static final int MAX_LIMIT = 100;

    /** The name of the rule that caps the total. */
    public static final String TOTAL = "limit";

    /** @throws IllegalArgumentException if the limit is out of bounds */
    public StreamQuota {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("the limit must be 1 to " + MAX_LIMIT + ", not " + limit);
        }
    }

    /** The rule that forbids one more stream beside the live ones, if any does. */
    Optional<ExhaustedRule> exhaustedBy(List<Stream> live) {
        return live.size() < limit ? Optional.empty() : Optional.of(new ExhaustedRule(TOTAL, limit, live));
    }
}
