package io.thezone.domain;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * A limit on streams of some kind. A stream that lacks an attribute has the value {@value Attributes#UNKNOWN}.
 *
 * @param name 1 to {@value #MAX_NAME_LENGTH} of {@code A-Z a-z 0-9 . _ -}; tells a refused viewer which rule it was
 * @param limit 0 to {@value StreamQuota#MAX_LIMIT}; with 0 no stream of this kind is ever admitted
 * @param where which streams count: those that meet each condition; all if empty
 * @param per if present, streams count separately for each value of this attribute
 * @param distinct if present, the different values of this attribute count, and not the streams
 * @param required whether a stream must have the attributes that this rule looks at
 */
public record QuotaRule(
        String name,
        int limit,
        List<Condition> where,
        Optional<String> per,
        Optional<String> distinct,
        boolean required) {
    static final int MAX_NAME_LENGTH = 64;

    /** Met by streams whose attribute has one of the values. */
    public record Condition(String attribute, Set<String> values) {
        public Condition {
            values = Set.copyOf(values);
        }

        boolean isMetBy(Attributes attributes) {
            return values.contains(attributes.valueOf(attribute));
        }
    }

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
        where = List.copyOf(where);
        for (Condition condition : where) {
            if (condition.values().isEmpty()) {
                throw new IllegalArgumentException("where of rule " + name + " names no value of "
                        + condition.attribute() + ": no stream would count");
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
        int surplus = count(live, asking) - limit;
        return surplus > 0
                ? Optional.of(new ExhaustedRule(name, limit, surplus, counted(live, asking)))
                : Optional.empty();
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
        for (int i = 0; i < where.size(); i++) {
            if (!where.get(i).isMetBy(attributes)) {
                return false;
            }
        }
        return true;
    }

    private boolean countsWith(Attributes asking, Attributes attributes) {
        return counts(attributes)
                && (per.isEmpty() || attributes.valueOf(per.get()).equals(asking.valueOf(per.get())));
    }

    private List<Stream> counted(List<Stream> live, Attributes asking) {
        List<Stream> counted = new ArrayList<>(live);
        counted.removeIf(stream -> !countsWith(asking, stream.attributes()));
        return counted;
    }

    private int count(List<Stream> live, Attributes asking) {
        if (distinct.isPresent()) {
            return countDistinct(distinct.get(), live, asking);
        }
        int count = 1;
        for (Stream stream : live) {
            if (countsWith(asking, stream.attributes())) {
                count++;
            }
        }
        return count;
    }

    private int countDistinct(String attribute, List<Stream> live, Attributes asking) {
        Set<String> values = new HashSet<>();
        values.add(asking.valueOf(attribute));
        for (Stream stream : live) {
            if (countsWith(asking, stream.attributes())) {
                values.add(stream.attributes().valueOf(attribute));
            }
        }
        return values.size();
    }

    private static Set<String> looksAt(List<Condition> where, Optional<String> per, Optional<String> distinct) {
        Set<String> attributes = new LinkedHashSet<>();
        where.forEach(condition -> attributes.add(condition.attribute()));
        per.ifPresent(attributes::add);
        distinct.ifPresent(attributes::add);
        return attributes;
    }
}
