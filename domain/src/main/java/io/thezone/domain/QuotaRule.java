package io.thezone.domain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A limit on streams of some kind. A stream whose attribute is missing or blank has the value {@value Attributes#UNKNOWN}.
 *
 * @param name 1 to {@value #MAX_NAME_LENGTH} of {@code A-Z a-z 0-9 . _ -}; tells a refused viewer which rule it was
 * @param limit 0 to {@value StreamQuota#MAX_LIMIT}; with 0 no stream of this kind is ever admitted
 * @param where which streams count: those that meet each condition; all if empty
 * @param per if present, streams count separately for each value of this attribute
 * @param distinct if present, the different values of this attribute count, and not the streams
 * @param required whether a stream must have the attributes of {@code where} and, if it counts, those of {@code per} and
 *     {@code distinct}
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

    /** Whether one more stream beside the live ones, in that place, would be too many, and which of them count. */
    Optional<ExhaustedRule> exhaustedBy(List<Stream> live, Attributes asking, Optional<Attributes> place) {
        if (!counts(asking) || (place.isPresent() && countsAlike(place.get(), asking))) {
            return Optional.empty();
        }
        int surplus = distinct.isPresent() ? surplusOfValues(distinct.get(), live, asking) : surplus(live, asking);
        return surplus > 0
                ? Optional.of(new ExhaustedRule(name, limit, surplus, counted(live, asking)))
                : Optional.empty();
    }

    /**
     * What must end so that one more stream is not too many; empty if it is not.
     *
     * @param places of the streams that may be ended
     */
    Optional<Demand> demand(
            List<Stream> live, Map<StreamId, Integer> places, Attributes asking, Optional<Attributes> place) {
        if (exhaustedBy(live, asking, place).isEmpty()) {
            return Optional.empty();
        }
        Map<Object, Bits> groups = new LinkedHashMap<>();
        Set<Object> kept = new HashSet<>();
        for (Stream stream : counted(live, asking)) {
            Object group = distinct.isPresent() ? stream.attributes().valueOf(distinct.get()) : stream.id();
            Bits streams = groups.computeIfAbsent(group, any -> new Bits());
            Integer bit = places.get(stream.id());
            if (bit == null) {
                kept.add(group);
            } else {
                streams.add(bit);
            }
        }
        distinct.ifPresent(attribute -> groups.remove(asking.valueOf(attribute)));
        int least = groups.size() + 1 - limit;
        groups.keySet().removeAll(kept);
        return Optional.of(new Demand(groups.values(), least));
    }

    /** An attribute that a stream must have for this rule and has not. */
    Optional<String> missing(Attributes asking) {
        if (!required) {
            return Optional.empty();
        }
        Optional<String> condition =
                where.stream().map(Condition::attribute).filter(asking::lacks).findFirst();
        return condition.isPresent() || !counts(asking)
                ? condition
                : per.filter(asking::lacks).or(() -> distinct.filter(asking::lacks));
    }

    /** Whether there is no stream that both rules count, because they want different values of an attribute. */
    boolean excludes(QuotaRule other) {
        return where.stream().anyMatch(mine -> other.where.stream()
                .anyMatch(its ->
                        mine.attribute().equals(its.attribute()) && Collections.disjoint(mine.values(), its.values())));
    }

    Set<String> attributes() {
        return looksAt(where, per, distinct);
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

    private boolean countsAlike(Attributes one, Attributes other) {
        return countsWith(other, one)
                && (distinct.isEmpty() || one.valueOf(distinct.get()).equals(other.valueOf(distinct.get())));
    }

    private int surplus(List<Stream> live, Attributes asking) {
        int count = 1;
        for (Stream stream : live) {
            if (countsWith(asking, stream.attributes())) {
                count++;
            }
        }
        return count - limit;
    }

    /** For each value too many, all streams that have it would have to end: the values with the fewest. */
    private int surplusOfValues(String attribute, List<Stream> live, Attributes asking) {
        Map<String, Integer> streams = new HashMap<>();
        for (Stream stream : live) {
            if (countsWith(asking, stream.attributes())) {
                streams.merge(stream.attributes().valueOf(attribute), 1, Integer::sum);
            }
        }
        streams.remove(asking.valueOf(attribute));
        int tooMany = streams.size() + 1 - limit;
        if (tooMany <= 0) {
            return 0;
        }
        return Math.max(
                1,
                streams.values().stream()
                        .sorted()
                        .limit(tooMany)
                        .mapToInt(it -> it)
                        .sum());
    }

    private static Set<String> looksAt(List<Condition> where, Optional<String> per, Optional<String> distinct) {
        Set<String> attributes = new LinkedHashSet<>();
        where.forEach(condition -> attributes.add(condition.attribute()));
        per.ifPresent(attributes::add);
        distinct.ifPresent(attributes::add);
        return attributes;
    }
}
