package io.thezone.domain;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A limit on streams of some kind. A stream that lacks an attribute has the value {@value Attributes#UNKNOWN}.
 *
 * @param name 1 to {@value #MAX_NAME_LENGTH} of {@code A-Z a-z 0-9 . _ -}; tells a refused viewer which rule it was
 * @param limit 0 to {@value StreamQuota#MAX_LIMIT}; with 0 no stream of this kind is ever admitted
 * @param where which streams count: those whose attributes each have one of the values; all if empty
 * @param per if present, streams count separately for each value of this attribute
 * @param distinct if present, the different values of this attribute count, and not the streams
 * @param required whether a stream must have the attributes that this rule looks at
 */
public record QuotaRule(
        String name,
        int limit,
        Map<String, Set<String>> where,
        Optional<String> per,
        Optional<String> distinct,
        boolean required) {
    static final int MAX_NAME_LENGTH = 64;

    /** @throws IllegalArgumentException saying what is wrong with which part */
    public QuotaRule {
        StreamQuota.checkName("the name of a rule", name);
        if (name.equals(StreamQuota.TOTAL)) {
            throw new IllegalArgumentException("a rule must not be named " + name + ": that is the plan's total");
        }
        if (limit < 0 || limit > StreamQuota.MAX_LIMIT) {
            throw new IllegalArgumentException(
                    "the limit of rule " + name + " must be 0 to " + StreamQuota.MAX_LIMIT + ", not " + limit);
        }
        where = Map.copyOf(where);
        for (Map.Entry<String, Set<String>> condition : where.entrySet()) {
            if (condition.getValue().isEmpty()) {
                throw new IllegalArgumentException("where of rule " + name + " names no value of " + condition.getKey()
                        + ": no stream would count");
            }
        }
        Set<String> looksAt = looksAt(where, per, distinct);
        for (String attribute : looksAt) {
            Attributes.checkCountable("rule " + name, attribute);
        }
        if (required && looksAt.isEmpty()) {
            throw new IllegalArgumentException("rule " + name + " looks at no attribute that it could require");
        }
    }

    /** Whether one more stream beside the live ones would be too many, and which of them count. */
    Optional<ExhaustedRule> exhaustedBy(List<Stream> live, Attributes asking) {
        if (!counts(asking)) {
            return Optional.empty();
        }
        List<Stream> counted = new ArrayList<>(live.size());
        for (Stream stream : live) {
            if (counts(stream.attributes()) && isAlike(per, stream.attributes(), asking)) {
                counted.add(stream);
            }
        }
        int surplus = count(counted, asking) - limit;
        return surplus > 0 ? Optional.of(new ExhaustedRule(name, limit, surplus, counted)) : Optional.empty();
    }

    /** An attribute that a stream must have for this rule and has not. */
    Optional<String> missing(Attributes asking) {
        return required
                ? looksAt(where, per, distinct).stream()
                        .filter(attribute -> asking.get(attribute).isEmpty())
                        .findFirst()
                : Optional.empty();
    }

    private boolean counts(Attributes attributes) {
        for (Map.Entry<String, Set<String>> condition : where.entrySet()) {
            if (!condition.getValue().contains(attributes.valueOf(condition.getKey()))) {
                return false;
            }
        }
        return true;
    }

    private int count(List<Stream> counted, Attributes asking) {
        if (distinct.isEmpty()) {
            return counted.size() + 1;
        }
        Set<String> values = new HashSet<>();
        values.add(asking.valueOf(distinct.get()));
        for (Stream stream : counted) {
            values.add(stream.attributes().valueOf(distinct.get()));
        }
        return values.size();
    }

    private static boolean isAlike(Optional<String> attribute, Attributes one, Attributes other) {
        return attribute.isEmpty() || one.valueOf(attribute.get()).equals(other.valueOf(attribute.get()));
    }

    private static Set<String> looksAt(
            Map<String, Set<String>> where, Optional<String> per, Optional<String> distinct) {
        Set<String> attributes = new LinkedHashSet<>(where.keySet());
        per.ifPresent(attributes::add);
        distinct.ifPresent(attributes::add);
        return attributes;
    }
}
