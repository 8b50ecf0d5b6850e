package io.thezone.domain;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.domain.QuotaRule.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.Tuple;

/** Random plans and random households, against what the rules mean when they are counted the long way. */
class QuotaPropertiesTest {
    private static final Lease LEASE = new Lease(Duration.ofSeconds(90), Duration.ofSeconds(30));
    private static final List<String> IDS = List.of("a", "b", "c", "d", "e", "f", "g");

    /** @param secondsLater how long after the request before */
    record Asking(StreamRequest request, int secondsLater) {}

    @Property(tries = 2000)
    void noAdmissionBreaksARuleAndEveryRefusalIsTrue(
            @ForAll("quotas") StreamQuota quota, @ForAll("requests") List<Asking> requests) {
        Session session = Session.EMPTY;
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        for (Asking asking : requests) {
            now = now.plusSeconds(asking.secondsLater());
            List<Stream> before = session.list(now).outcome().streams();
            Step<AcquireOutcome> step = session.acquire(asking.request(), quota, LEASE, now);
            List<Stream> after = step.next().list(now).outcome().streams();
            check(quota, asking.request(), step.outcome(), before, after);
            if (step.outcome() instanceof AcquireOutcome.Refused) {
                assertSame(session, step.next(), "a refusal changes nothing, not even what it would have replaced");
            }
            session = step.next();
        }
    }

    private static void check(
            StreamQuota quota, StreamRequest request, AcquireOutcome outcome, List<Stream> before, List<Stream> after) {
        List<Stream> rest = before.stream()
                .filter(stream -> !request.replaces().contains(stream.id()) && !reclaims(quota, stream, request))
                .toList();
        if (outcome instanceof AcquireOutcome.Admitted admitted) {
            assertEquals(Set.of(), brokenRules(quota, after), () -> after + " break " + quota);
            List<Stream> evicted = evicted(admitted, before);
            assertEquals(smallest(quota, rest, request).orElseThrow(), evicted);
            assertEquals(
                    ids(before.stream().filter(it -> !rest.contains(it)).toList()),
                    endedBecause(admitted, EndReason.REPLACED));
        } else if (outcome instanceof AcquireOutcome.Refused refused) {
            assertTrue(
                    brokenRules(quota, rest, request).contains(refused.rule().name()), () -> refused + " of " + rest);
            assertEquals(
                    counted(quota, refused.rule().name(), rest, request),
                    refused.rule().streams());
            assertEquals(Optional.empty(), smallest(quota, rest, request), "a set of streams would have made room");
        } else if (outcome instanceof AcquireOutcome.Renewed renewed) {
            assertTrue(ids(before).contains(request.id()));
            assertEquals(request.id(), renewed.stream().id());
            assertEquals(
                    before.stream()
                            .map(Stream::id)
                            .filter(id -> !request.replaces().contains(id))
                            .collect(toSet()),
                    ids(after));
        }
    }

    /** The smallest set, found by trying all; among equals the first in the order that the strategy prefers. */
    private static Optional<List<Stream>> smallest(StreamQuota quota, List<Stream> rest, StreamRequest request) {
        List<Stream> endable = inOrder(quota, rest, request);
        return IntStream.range(0, 1 << endable.size())
                .mapToObj(bits -> IntStream.range(0, endable.size())
                        .filter(i -> (bits & (1 << i)) != 0)
                        .boxed()
                        .toList())
                .sorted(Comparator.<List<Integer>>comparingInt(List::size).thenComparing(places -> places.stream()
                        .map(place -> String.format("%03d", place))
                        .collect(Collectors.joining())))
                .map(places -> places.stream().map(endable::get).toList())
                .filter(ended -> brokenRules(
                                quota,
                                rest.stream().filter(it -> !ended.contains(it)).toList(),
                                request)
                        .isEmpty())
                .findFirst();
    }

    private static List<Stream> inOrder(StreamQuota quota, List<Stream> rest, StreamRequest request) {
        List<Stream> streams = new ArrayList<>(rest);
        Comparator<Stream> start = Comparator.comparing(rest::indexOf);
        switch (quota.whenFull()) {
            case REFUSE -> streams.clear();
            case END_OLDEST -> streams.sort(start);
            case END_NEWEST -> streams.sort(start.reversed());
            case END_LEAST_RECENTLY_SEEN ->
                streams.sort(Comparator.comparing(Stream::lastSeenAt).thenComparing(start));
            case END_LOWER_PRIORITY -> {
                int own = priority(quota, request.attributes());
                streams.removeIf(stream -> priority(quota, stream.attributes()) <= own);
                streams.sort(Comparator.<Stream>comparingInt(stream -> -priority(quota, stream.attributes()))
                        .thenComparing(start));
            }
        }
        return streams;
    }

    private static int priority(StreamQuota quota, Attributes attributes) {
        int place = quota.devicePriority().indexOf(value(attributes, Attributes.DEVICE_TYPE));
        return place < 0 ? Integer.MAX_VALUE : place;
    }

    private static boolean reclaims(StreamQuota quota, Stream stream, StreamRequest request) {
        return quota.reclaimSameDevice()
                && List.of(Attributes.DEVICE_ID, Attributes.ASSET_ID).stream()
                        .allMatch(name -> stream.attributes().values().containsKey(name)
                                && value(stream.attributes(), name).equals(value(request.attributes(), name)));
    }

    private static Set<String> brokenRules(StreamQuota quota, List<Stream> rest, StreamRequest request) {
        List<Stream> all = new ArrayList<>(rest);
        Stream asked = Stream.start(request, LEASE, Instant.EPOCH);
        all.add(asked);
        Set<String> broken = brokenRules(quota, all);
        broken.removeIf(name -> !name.equals(StreamQuota.TOTAL) && !counts(rule(quota, name), asked.attributes()));
        broken.removeIf(name -> !name.equals(StreamQuota.TOTAL)
                && amount(rule(quota, name), counted(quota, name, all, request))
                        <= rule(quota, name).limit());
        return broken;
    }

    /** The rules whose limit is exceeded, in any of the groups that they count. */
    private static Set<String> brokenRules(StreamQuota quota, List<Stream> streams) {
        Set<String> broken = quota.rules().stream()
                .filter(rule -> streams.stream()
                        .filter(stream -> counts(rule, stream.attributes()))
                        .collect(Collectors.groupingBy(stream -> rule.per()
                                .map(name -> value(stream.attributes(), name))
                                .orElse("")))
                        .values()
                        .stream()
                        .anyMatch(group -> amount(rule, group) > rule.limit()))
                .map(QuotaRule::name)
                .collect(toSet());
        if (streams.size() > quota.limit()) {
            broken.add(StreamQuota.TOTAL);
        }
        return broken;
    }

    private static List<Stream> counted(StreamQuota quota, String name, List<Stream> streams, StreamRequest request) {
        if (name.equals(StreamQuota.TOTAL)) {
            return streams;
        }
        QuotaRule rule = rule(quota, name);
        return streams.stream()
                .filter(stream -> counts(rule, stream.attributes()))
                .filter(stream -> rule.per()
                        .map(it -> value(stream.attributes(), it).equals(value(request.attributes(), it)))
                        .orElse(true))
                .toList();
    }

    private static long amount(QuotaRule rule, List<Stream> group) {
        return rule.distinct()
                .map(name -> group.stream()
                        .map(stream -> value(stream.attributes(), name))
                        .distinct()
                        .count())
                .orElse((long) group.size());
    }

    private static boolean counts(QuotaRule rule, Attributes attributes) {
        return rule.where().stream()
                .allMatch(condition -> condition.values().contains(value(attributes, condition.attribute())));
    }

    private static String value(Attributes attributes, String name) {
        return attributes.values().getOrDefault(name, "unknown");
    }

    private static QuotaRule rule(StreamQuota quota, String name) {
        return quota.rules().stream()
                .filter(rule -> rule.name().equals(name))
                .findFirst()
                .orElseThrow();
    }

    private static Set<StreamId> ids(List<Stream> streams) {
        return streams.stream().map(Stream::id).collect(toSet());
    }

    private static Set<StreamId> endedBecause(AcquireOutcome.Admitted admitted, EndReason reason) {
        return admitted.ended().stream()
                .filter(end -> end.reason() == reason)
                .map(EndedStream::id)
                .collect(toSet());
    }

    private static List<Stream> evicted(AcquireOutcome.Admitted admitted, List<Stream> before) {
        return admitted.ended().stream()
                .filter(end -> end.reason() == EndReason.EVICTED)
                .map(end -> before.stream()
                        .filter(it -> it.id().equals(end.id()))
                        .findFirst()
                        .orElseThrow())
                .toList();
    }

    @Provide
    Arbitrary<StreamQuota> quotas() {
        Arbitrary<List<QuotaRule>> rules = Combinators.combine(
                        Arbitraries.integers().between(0, 3),
                        Arbitraries.of(
                                List.<Condition>of(),
                                List.of(new Condition(Attributes.DEVICE_TYPE, Set.of("tv"))),
                                List.of(new Condition(Attributes.DEVICE_TYPE, Set.of("phone", "unknown"))),
                                List.of(new Condition(Attributes.ASSET_TYPE, Set.of("live"))),
                                List.of(
                                        new Condition(Attributes.ASSET_TYPE, Set.of("live")),
                                        new Condition(Attributes.DEVICE_TYPE, Set.of("tv")))),
                        Arbitraries.of(Attributes.PROFILE, Attributes.ASSET_ID).optional(0.3),
                        Arbitraries.of(Attributes.DEVICE_ID, Attributes.ASSET_ID)
                                .optional(0.4))
                .as((limit, where, per, distinct) -> Tuple.of(limit, where, per, distinct))
                .list()
                .ofMaxSize(4)
                .map(parts -> IntStream.range(0, parts.size())
                        .mapToObj(i -> new QuotaRule(
                                "rule-" + i,
                                parts.get(i).get1(),
                                parts.get(i).get2(),
                                parts.get(i).get3(),
                                parts.get(i).get4(),
                                false))
                        .toList());
        return Combinators.combine(
                        Arbitraries.integers().between(1, 6),
                        rules,
                        Arbitraries.of(WhenFull.class),
                        Arbitraries.of(true, false))
                .as((limit, some, whenFull, reclaim) -> new StreamQuota(
                        "plan",
                        limit,
                        some,
                        whenFull,
                        whenFull == WhenFull.END_LOWER_PRIORITY ? List.of("tv", "phone") : List.of(),
                        reclaim));
    }

    @Provide
    Arbitrary<List<Asking>> requests() {
        Arbitrary<StreamId> ids = Arbitraries.of(IDS).map(StreamId::new);
        Arbitrary<Attributes> attributes = Combinators.combine(
                        Arbitraries.of("tv", "phone", ""),
                        Arbitraries.of("d1", "d2", "d3", ""),
                        Arbitraries.of("live", "movie", ""),
                        Arbitraries.of("m1", "m2", ""),
                        Arbitraries.of("kids", ""))
                .as((type, device, kind, asset, profile) -> {
                    Map<String, String> values = new HashMap<>();
                    values.put(Attributes.DEVICE_TYPE, type);
                    values.put(Attributes.DEVICE_ID, device);
                    values.put(Attributes.ASSET_TYPE, kind);
                    values.put(Attributes.ASSET_ID, asset);
                    values.put(Attributes.PROFILE, profile);
                    values.values().removeIf(String::isEmpty);
                    return new Attributes(values);
                });
        Arbitrary<StreamRequest> requests = Combinators.combine(
                        ids, attributes, ids.set().ofMaxSize(2).optional(0.2))
                .as((id, about, replaces) -> new StreamRequest(
                        id,
                        about,
                        replaces.orElse(Set.of()).stream()
                                .filter(it -> !it.equals(id))
                                .collect(toSet())));
        return Combinators.combine(requests, Arbitraries.integers().between(0, 40))
                .as(Asking::new)
                .list()
                .ofMaxSize(25);
    }
}
