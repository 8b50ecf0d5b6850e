package io.thezone.domain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
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
 * @param name 1 to {@value QuotaRule#MAX_NAME_LENGTH} of {@code A-Z a-z 0-9 . _ -}
 * @param limit on all streams together, 1 to {@value #MAX_LIMIT}
 * @param rules further limits, at most {@value #MAX_RULES}; each holds
 * @param devicePriority types of devices, the most important first; those that it does not name come last. Empty unless
 *     {@code whenFull} is {@link WhenFull#END_LOWER_PRIORITY}
 * @param reclaimSameDevice whether a request with the device id and the asset id of a live stream takes that one's place
 */
public record StreamQuota(
        String name,
        int limit,
        List<QuotaRule> rules,
        WhenFull whenFull,
        List<String> devicePriority,
        boolean reclaimSameDevice) {
    /** Keeps a session small enough to be read and written as one row. */
    public static final int MAX_LIMIT = 100;

    public static final int MAX_RULES = 32;

    /** Rules that are used up at once among which a search for streams to end hardly ever costs too much. */
    static final int SEARCHABLE_RULES = 4;

    /** The name of the rule that caps the total. */
    public static final String TOTAL = "limit";

    /** @throws IllegalArgumentException saying what is wrong with which part */
    public StreamQuota {
        checkName("the name of a plan", name);
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
            throw new IllegalArgumentException("end-lower-priority needs devicePriority, a list of device types");
        }
        if (whenFull != WhenFull.END_LOWER_PRIORITY && !devicePriority.isEmpty()) {
            throw new IllegalArgumentException("devicePriority means nothing unless whenFull is end-lower-priority");
        }
    }

    /** A total and nothing else. */
    public StreamQuota(String name, int limit) {
        this(name, limit, List.of(), WhenFull.REFUSE, List.of(), false);
    }

    /**
     * The first rule that forbids one more stream beside the live ones, if any does: the total, then as they stand.
     *
     * @param place the attributes of the stream whose place the new one takes, if it takes any: what that one counted against
     *     does not get fuller, and so does not forbid it, also where a lowered limit has no room
     */
    Optional<ExhaustedRule> exhaustedBy(List<Stream> live, Attributes asking, Optional<Attributes> place) {
        Optional<ExhaustedRule> total = exhaustedTotal(live, place);
        for (int i = 0; total.isEmpty() && i < rules.size(); i++) {
            Optional<ExhaustedRule> exhausted = rules.get(i).exhaustedBy(live, asking, place);
            if (exhausted.isPresent()) {
                return exhausted;
            }
        }
        return total;
    }

    /**
     * What must end so that no rule forbids one more stream.
     *
     * @param endable those of the live streams that may be ended; their places are the bits
     */
    List<Demand> demands(List<Stream> live, List<Stream> endable, Attributes asking, Optional<Attributes> place) {
        Map<StreamId, Integer> places = new HashMap<>();
        for (int i = 0; i < endable.size(); i++) {
            places.put(endable.get(i).id(), i);
        }
        List<Demand> demands = new ArrayList<>();
        exhaustedTotal(live, place)
                .ifPresent(total -> demands.add(new Demand(
                        IntStream.range(0, endable.size()).mapToObj(Bits::of).toList(), total.surplus())));
        for (QuotaRule rule : rules) {
            rule.demand(live, places, asking, place).ifPresent(demands::add);
        }
        return demands;
    }

    private Optional<ExhaustedRule> exhaustedTotal(List<Stream> live, Optional<Attributes> place) {
        int surplus = live.size() + 1 - limit;
        return surplus > 0 && place.isEmpty()
                ? Optional.of(new ExhaustedRule(TOTAL, limit, surplus, live))
                : Optional.empty();
    }

    /**
     * The rules for whose sake the plan may refuse although an end of streams would make room: streams with attributes chosen for
     * that count against all of them, in ever other sets, and the search for whom to end is given up at {@link Step#MAX_COST}.
     * Empty for a plan that ends none, or has no more than {@value #SEARCHABLE_RULES} such rules.
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

    /** The attributes that the rule of that name looks at. */
    public Set<String> attributesOf(String rule) {
        return rules.stream()
                .filter(it -> it.name().equals(rule))
                .findFirst()
                .map(QuotaRule::attributes)
                .orElse(Set.of());
    }

    /** The first rule that demands an attribute which the stream lacks. */
    Optional<MissingAttribute> missing(Attributes asking) {
        for (QuotaRule rule : rules) {
            Optional<String> attribute = rule.missing(asking);
            if (attribute.isPresent()) {
                return Optional.of(new MissingAttribute(rule.name(), attribute.get()));
            }
        }
        return Optional.empty();
    }

    /** Whether the request comes from the very player that the stream belongs to. */
    boolean reclaims(Stream held, Attributes asking) {
        return reclaimSameDevice
                && isSame(Attributes.DEVICE_ID, held.attributes(), asking)
                && isSame(Attributes.ASSET_ID, held.attributes(), asking);
    }

    /** Those of the live streams that may be ended to make room, in the order in which that is preferred. */
    List<Stream> endable(List<Stream> live, Attributes asking) {
        List<Stream> endable = new ArrayList<>(live);
        switch (whenFull) {
            case REFUSE -> endable.clear();
            case END_OLDEST -> endable.sort(Comparator.comparing(Stream::startedAt));
            case END_NEWEST -> {
                endable.sort(Comparator.comparing(Stream::startedAt));
                Collections.reverse(endable);
            }
            case END_LEAST_RECENTLY_SEEN ->
                endable.sort(Comparator.comparing(Stream::lastSeenAt).thenComparing(Stream::startedAt));
            case END_LOWER_PRIORITY -> {
                endable.removeIf(stream -> rank(stream.attributes()) <= rank(asking));
                endable.sort(Comparator.comparing((Stream stream) -> rank(stream.attributes()))
                        .reversed()
                        .thenComparing(Stream::startedAt));
            }
        }
        return endable;
    }

    /** 0 for the most important type of device. */
    private int rank(Attributes attributes) {
        int rank = devicePriority.indexOf(attributes.valueOf(Attributes.DEVICE_TYPE));
        return rank < 0 ? devicePriority.size() : rank;
    }

    private static boolean isSame(String attribute, Attributes one, Attributes other) {
        return one.get(attribute).isPresent() && one.get(attribute).equals(other.get(attribute));
    }

    static void checkName(String what, String name) {
        if (name.isEmpty()
                || name.length() > QuotaRule.MAX_NAME_LENGTH
                || !name.chars().allMatch(StreamQuota::isInName)) {
            throw new IllegalArgumentException(
                    what + " must be 1 to " + QuotaRule.MAX_NAME_LENGTH + " of A-Z a-z 0-9 . _ -");
        }
    }

    private static boolean isInName(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '_'
                || c == '.';
    }
}
