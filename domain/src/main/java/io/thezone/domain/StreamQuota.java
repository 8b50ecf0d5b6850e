package io.thezone.domain;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * A plan: how many streams of which kind a session may hold at once.
 *
 * @param name 1 to {@value Names#MAX_LENGTH} of {@code A-Z a-z 0-9 . _ -}
 * @param limit the total, on all streams together: 1 to {@value #MAX_LIMIT}
 * @param rules further limits, at most {@value #MAX_RULES}, which apply all at once
 * @param whenFull what happens when a limit has no room
 * @param devicePriority types of devices, the most important first; types that it does not name come last. Empty unless
 *     {@code whenFull} is {@link WhenFull#END_LOWER_PRIORITY}
 * @param reclaimSameDevice the live streams whose place a request from the same device takes
 */
public record StreamQuota(
        String name,
        int limit,
        List<QuotaRule> rules,
        WhenFull whenFull,
        List<String> devicePriority,
        Reclaim reclaimSameDevice) {
    /** The highest limit. It keeps a session small enough to be read and written as one row. */
    public static final int MAX_LIMIT = QuotaRule.MAX_LIMIT;

    public static final int MAX_RULES = 32;

    /** The number of rules, exhausted at once, up to which the search for streams to end hardly ever costs too much. */
    static final int SEARCHABLE_RULES = 4;

    /** The name under which a refusal names the total. */
    public static final String TOTAL = QuotaRule.TOTAL;

    /** @throws IllegalArgumentException saying what is wrong with which part */
    public StreamQuota {
        Names.check("the name of a plan", name);
        if (limit < 1 || limit > MAX_LIMIT) {
            throw new IllegalArgumentException("the limit must be 1 to " + MAX_LIMIT + ", not " + limit);
        }
        rules = List.copyOf(rules);
        if (rules.size() > MAX_RULES) {
            throw new IllegalArgumentException("a plan has at most " + MAX_RULES + " rules, not " + rules.size());
        }
        Set<String> names = new HashSet<>();
        for (QuotaRule rule : rules) {
            if (!names.add(rule.name())) {
                throw new IllegalArgumentException("two rules are named " + rule.name());
            }
        }
        devicePriority = List.copyOf(devicePriority);
        if (whenFull == WhenFull.END_LOWER_PRIORITY && devicePriority.isEmpty()) {
            throw new IllegalArgumentException(whenFull.spelling() + " needs devicePriority, a list of device types");
        }
        if (whenFull != WhenFull.END_LOWER_PRIORITY && !devicePriority.isEmpty()) {
            throw new IllegalArgumentException(
                    "devicePriority means nothing unless whenFull is " + WhenFull.END_LOWER_PRIORITY.spelling());
        }
    }

    /** Creates a plan that has a total and no rules, and refuses when it is full. */
    public StreamQuota(String name, int limit) {
        this(name, limit, List.of(), WhenFull.REFUSE, List.of(), Reclaim.NONE);
    }

    /** Returns this plan with another total; its rules and all else stay. */
    public StreamQuota withLimit(int other) {
        return new StreamQuota(name, other, rules, whenFull, devicePriority, reclaimSameDevice);
    }

    /**
     * Returns the first limit that forbids one more stream beside the live ones: the total, then the rules in their order.
     *
     * @param keptPlace the attributes of the stream whose place the new one takes, if it takes any. A limit against which both count
     *     alike does not get fuller and does not forbid the new stream, even if it was lowered and has no room
     */
    Optional<ExhaustedRule> exhaustedBy(List<Stream> live, Attributes requested, Optional<Attributes> keptPlace) {
        Optional<ExhaustedRule> total = exhaustedTotal(live, keptPlace);
        for (int i = 0; total.isEmpty() && i < rules.size(); i++) {
            Optional<ExhaustedRule> exhausted = rules.get(i).exhaustedBy(live, requested, keptPlace);
            if (exhausted.isPresent()) {
                return exhausted;
            }
        }
        return total;
    }

    /**
     * Returns which streams must end so that no limit forbids one more stream: one demand for each exhausted limit.
     *
     * @param evictable the live streams that may end; a demand names them by their index in this list
     */
    List<Demand> demands(
            List<Stream> live, List<Stream> evictable, Attributes requested, Optional<Attributes> keptPlace) {
        Map<StreamId, Integer> indexes = new HashMap<>();
        for (int i = 0; i < evictable.size(); i++) {
            indexes.put(evictable.get(i).id(), i);
        }
        List<Demand> demands = new ArrayList<>();
        exhaustedTotal(live, keptPlace)
                .ifPresent(total -> demands.add(new Demand(
                        IntStream.range(0, evictable.size()).mapToObj(Bits::of).toList(), total.surplus())));
        for (QuotaRule rule : rules) {
            rule.demand(live, indexes, requested, keptPlace).ifPresent(demands::add);
        }
        return demands;
    }

    private Optional<ExhaustedRule> exhaustedTotal(List<Stream> live, Optional<Attributes> keptPlace) {
        int surplus = live.size() + 1 - limit;
        return surplus > 0 && keptPlace.isEmpty()
                ? Optional.of(new ExhaustedRule(TOTAL, limit, surplus, live))
                : Optional.empty();
    }

    /**
     * Returns the names of the rules that can make the search for streams to end too expensive, so that this plan refuses although
     * there are streams whose end would make room. They are rules that can all be exhausted at once by streams with attributes
     * chosen for that purpose. Empty if this plan ends no streams or has at most {@value #SEARCHABLE_RULES} such rules.
     */
    public List<String> costlyRules() {
        List<String> most = List.of();
        for (QuotaRule first : rules) {
            List<QuotaRule> together = new ArrayList<>(List.of(first));
            for (QuotaRule rule : rules) {
                if (!rule.equals(first) && together.stream().noneMatch(rule::excludes)) {
                    together.add(rule);
                }
            }
            if (together.size() > most.size()) {
                most = together.stream().map(QuotaRule::name).toList();
            }
        }
        return whenFull == WhenFull.REFUSE || most.size() <= SEARCHABLE_RULES ? List.of() : most;
    }

    /** Returns the attributes that the rule with this name looks at; none for the total. */
    public Set<String> attributesOf(String rule) {
        return rules.stream()
                .filter(it -> it.name().equals(rule))
                .findFirst()
                .map(QuotaRule::attributes)
                .orElse(Set.of());
    }

    /** Returns the first attribute that a rule requires and the stream lacks. */
    Optional<MissingAttribute> missing(Attributes requested) {
        for (QuotaRule rule : rules) {
            Optional<String> attribute = rule.missing(requested);
            if (attribute.isPresent()) {
                return Optional.of(new MissingAttribute(rule.name(), attribute.get()));
            }
        }
        return Optional.empty();
    }

    /** Says whether the request comes from the player of the live stream, which reclaims its place. */
    boolean reclaims(Stream held, Attributes requested) {
        return reclaimSameDevice.takes(held.attributes(), requested);
    }

    /** Returns the live streams that may end to make room, the most preferred first. */
    List<Stream> evictable(List<Stream> live, Attributes requested) {
        return whenFull.evictable(live, requested, devicePriority);
    }
}
