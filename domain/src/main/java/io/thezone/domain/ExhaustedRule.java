package io.thezone.domain;

import java.util.List;

/**
 * A rule of a plan that admits no further stream.
 *
 * @param name the rule's name; {@link StreamQuota#TOTAL} for the plan's total
 * @param surplus how many streams at least would have to end for this rule alone; at least 1
 * @param streams those that count against the rule, oldest first; empty only if the limit is 0
 */
public record ExhaustedRule(String name, int limit, int surplus, List<Stream> streams) {
    public ExhaustedRule {
        streams = List.copyOf(streams);
    }
}
