package io.thezone.domain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A limit on streams of one kind. A stream whose attribute is missing or blank has the value {@value Attributes#UNKNOWN}.
 *
 * @param name 1 to {@value Names#MAX_LENGTH} of {@code A-Z a-z 0-9 . _ -}; a refusal names the rule by it
 * @param limit 0 to {@value #MAX_LIMIT}; with 0 no stream of this kind is ever admitted
 * @param where conditions that a stream must all meet to count; every stream counts if empty
 * @param per an attribute; if present, streams count separately for each of its values
 * @param distinct an attribute; if present, its distinct values count instead of the streams
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
    static final int MAX_LIMIT = 100;

    /** The name of the total, which no rule may have. */
    static final String TOTAL = "limit";

    /**
     * A condition that streams meet whose attribute has one of the values.
     *
     * @param negated whether instead those streams meet it whose attribute has none of the values
     */
    public record Condition(String attribute, Set<String> values, boolean negated) {
        public Condition {
            values = Set.copyOf(values);
        }

        public Condition(String attribute, Set<String> values) {
            this(attribute, values, false);
        }

        boolean isMetBy(Attributes attributes) {
            return admits(attributes.valueOf(attribute));
        }

        private boolean admits(String value) {
            return values.contains(value) != negated;
        }
    }

    /** @throws IllegalArgumentException saying what is wrong with which part */
    public QuotaRule {
        Names.check("the name of a rule", name);
        if (name.equals(TOTAL)) {
            throw new IllegalArgumentException("a rule must not be named " + name + ": that is the plan's total");
        }
        if (limit < 0 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException(
                    "the limit of rule " + name + " must be 0 to " + MAX_LIMIT + ", not " + limit);
        }
        where = List.copyOf(where);
        for (Condition condition : where) {
            if (condition.values().isEmpty()) {
                throw new IllegalArgumentException((condition.negated() ? "whereNot" : "where") + " of rule " + name
                        + " names no value of " + condition.attribute()
                        + (condition.negated() ? ": no stream would be left out" : ": no stream would count"));
            }
        }
        unmeetable(where).ifPresent(attribute -> {
            throw new IllegalArgumentException("where and whereNot of rule " + name + " leave no value of " + attribute
                    + ": no stream would count");
        });
        Set<String> attributes = attributes(where, per, distinct);
        for (String attribute : attributes) {
            Attributes.checkCountable("rule " + name, attribute);
        }
        if (required && attributes.isEmpty()) {
            throw new IllegalArgumentException("rule " + name + " looks at no attribute that it could require");
        }
    }

    /**
     * Returns this rule as exhausted if it forbids one more stream beside the live ones.
     *
     * @param keptPlace as in {@link StreamQuota#exhaustedBy}
     */
    Optional<ExhaustedRule> exhaustedBy(List<Stream> live, Attributes requested, Optional<Attributes> keptPlace) {
        if (!counts(requested) || (keptPlace.isPresent() && countsAlike(keptPlace.get(), requested))) {
            return Optional.empty();
        }
        int surplus =
                distinct.isPresent() ? surplusOfValues(distinct.get(), live, requested) : surplus(live, requested);
        return surplus > 0
                ? Optional.of(new ExhaustedRule(name, limit, surplus, counted(live, requested)))
                : Optional.empty();
    }

    /**
     * Returns which streams must end so that this rule admits one more stream; empty if it admits it already.
     *
     * @param indexes of the streams that may end, by which the demand names them
     */
    Optional<Demand> demand(
            List<Stream> live, Map<StreamId, Integer> indexes, Attributes requested, Optional<Attributes> keptPlace) {
        if (exhaustedBy(live, requested, keptPlace).isEmpty()) {
            return Optional.empty();
        }
        Map<Object, Bits> groups = new LinkedHashMap<>();
        Set<Object> kept = new HashSet<>();
        for (Stream stream : counted(live, requested)) {
            Object group = distinct.isPresent() ? stream.attributes().valueOf(distinct.get()) : stream.id();
            Bits streams = groups.computeIfAbsent(group, any -> new Bits());
            Integer index = indexes.get(stream.id());
            if (index == null) {
                kept.add(group);
            } else {
                streams.add(index);
            }
        }
        distinct.ifPresent(attribute -> groups.remove(requested.valueOf(attribute)));
        int least = groups.size() + 1 - limit;
        groups.keySet().removeAll(kept);
        return Optional.of(new Demand(groups.values(), least));
    }

    /** Returns the first attribute that this rule requires of the stream and that the stream lacks. */
    Optional<String> missing(Attributes requested) {
        if (!required) {
            return Optional.empty();
        }
        Optional<String> condition = where.stream()
                .map(Condition::attribute)
                .filter(requested::lacks)
                .findFirst();
        return condition.isPresent() || !counts(requested)
                ? condition
                : per.filter(requested::lacks).or(() -> distinct.filter(requested::lacks));
    }

    /** Says whether no stream can count against both rules, because no value of an attribute meets the conditions of both. */
    boolean excludes(QuotaRule other) {
        List<Condition> both = new ArrayList<>(where);
        both.addAll(other.where);
        return unmeetable(both).isPresent();
    }

    /** Returns an attribute of which no value meets all conditions. */
    private static Optional<String> unmeetable(List<Condition> conditions) {
        return conditions.stream()
                .filter(condition -> !condition.negated())
                .filter(condition -> condition.values().stream().noneMatch(value -> conditions.stream()
                        .filter(other -> other.attribute().equals(condition.attribute()))
                        .allMatch(other -> other.admits(value))))
                .map(Condition::attribute)
                .findFirst();
    }

    /** Returns the attributes that this rule looks at. */
    Set<String> attributes() {
        return attributes(where, per, distinct);
    }

    private static Set<String> attributes(List<Condition> where, Optional<String> per, Optional<String> distinct) {
        Set<String> attributes = new LinkedHashSet<>();
        where.forEach(condition -> attributes.add(condition.attribute()));
        per.ifPresent(attributes::add);
        distinct.ifPresent(attributes::add);
        return attributes;
    }

    private boolean counts(Attributes attributes) {
        for (int i = 0; i < where.size(); i++) {
            if (!where.get(i).isMetBy(attributes)) {
                return false;
            }
        }
        return true;
    }

    private boolean countsWith(Attributes requested, Attributes attributes) {
        return counts(attributes)
                && (per.isEmpty() || attributes.valueOf(per.get()).equals(requested.valueOf(per.get())));
    }

    private List<Stream> counted(List<Stream> live, Attributes requested) {
        List<Stream> counted = new ArrayList<>(live);
        counted.removeIf(stream -> !countsWith(requested, stream.attributes()));
        return counted;
    }

    private boolean countsAlike(Attributes one, Attributes other) {
        return countsWith(other, one)
                && (distinct.isEmpty() || one.valueOf(distinct.get()).equals(other.valueOf(distinct.get())));
    }

    private int surplus(List<Stream> live, Attributes requested) {
        int count = 1;
        for (Stream stream : live) {
            if (countsWith(requested, stream.attributes())) {
                count++;
            }
        }
        return count - limit;
    }

    /** Returns how many streams must end at least: all streams of each surplus value, of the values with the fewest streams. */
    private int surplusOfValues(String attribute, List<Stream> live, Attributes requested) {
        Map<String, Integer> streams = new HashMap<>();
        for (Stream stream : live) {
            if (countsWith(requested, stream.attributes())) {
                streams.merge(stream.attributes().valueOf(attribute), 1, Integer::sum);
            }
        }
        streams.remove(requested.valueOf(attribute));
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
}
