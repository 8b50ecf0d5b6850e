package io.thezone.domain;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.domain.QuotaRule.Condition;
import io.thezone.domain.Seeds.Draw;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Random plans and random households, against what the rules mean when they are counted the long way. */
class QuotaPropertiesTest {
    private static final Lease LEASE = new Lease(Duration.ofSeconds(90), Duration.ofSeconds(30));

    @Test
    void noAdmissionBreaksARuleAndEveryRefusalIsTrue() {
        Seeds.check(2_000, draw -> {
            List<StreamQuota> plans = draw.listOf(1, 3, () -> quota(draw));
            Session session = Session.EMPTY;
            Instant now = Instant.parse("2026-01-01T00:00:00Z");
            int requests = draw.between(0, 25);
            for (int i = 0; i < requests; i++) {
                now = now.plusSeconds(draw.between(0, 40));
                StreamRequest request = request(draw);
                StreamQuota quota = plans.get(draw.between(0, plans.size() - 1));
                List<Stream> before = session.list(now).outcome().streams();
                Step<AcquireOutcome> step = session.acquire(request, quota, LEASE, now);
                List<Stream> after = step.next().list(now).outcome().streams();
                new Judgement(quota, request, before).check(step.outcome(), after);
                if (step.outcome() instanceof AcquireOutcome.Refused) {
                    assertSame(session, step.next(), "a refusal changes nothing, not even what it would have replaced");
                }
                session = step.next();
            }
        });
    }

    /** What should become of a request, counted the long way. */
    private static final class Judgement {
        private final StreamQuota quota;
        private final StreamRequest request;
        private final List<Stream> before;
        private final Optional<Stream> held;
        private final Attributes requested;
        private final List<Stream> replaced;
        private final List<Stream> rest;
        private final Optional<Attributes> keptPlace;

        Judgement(StreamQuota quota, StreamRequest request, List<Stream> before) {
            this.quota = quota;
            this.request = request;
            this.before = before;
            held = before.stream().filter(it -> it.id().equals(request.id())).findFirst();
            requested = held.isPresent() && request.attributes().values().isEmpty()
                    ? held.get().attributes()
                    : request.attributes();
            List<Stream> others =
                    before.stream().filter(it -> !it.id().equals(request.id())).toList();
            List<Stream> reclaimed = isRenewal()
                    ? List.of()
                    : others.stream()
                            .filter(it -> reclaims(quota, it, requested))
                            .toList();
            replaced = others.stream()
                    .filter(it -> request.replaces().contains(it.id()) || reclaimed.contains(it))
                    .toList();
            rest = others.stream().filter(it -> !replaced.contains(it)).toList();
            keptPlace = held.or(() -> reclaimed.stream().findFirst()).map(Stream::attributes);
        }

        /** A player that only says that it is still there. */
        private boolean isRenewal() {
            return held.isPresent()
                    && request.replaces().isEmpty()
                    && held.get().attributes().equals(requested);
        }

        void check(AcquireOutcome outcome, List<Stream> after) {
            if (outcome instanceof AcquireOutcome.Admitted admitted) {
                assertEquals(Optional.empty(), held);
                checkGranted(admitted.stream(), admitted.ended(), after);
            } else if (outcome instanceof AcquireOutcome.Renewed renewed) {
                assertEquals(
                        held.map(Stream::startedAt),
                        Optional.of(renewed.stream().startedAt()));
                checkGranted(renewed.stream(), renewed.ended(), after);
            } else if (outcome instanceof AcquireOutcome.Refused refused) {
                assertTrue(!isRenewal(), "a live stream is never refused its own place");
                String name = refused.rule().name();
                assertTrue(exhausted(rest).contains(name), () -> refused + " of " + rest);
                assertEquals(
                        rest.stream()
                                .filter(it -> countsAgainst(name, it.attributes()))
                                .toList(),
                        refused.rule().streams());
                assertEquals(Optional.empty(), smallest(), "a set of streams would have made room");
            }
        }

        private void checkGranted(Stream granted, List<EndedStream> ended, List<Stream> after) {
            assertEquals(requested, granted.attributes());
            assertEquals(ids(replaced), ids(ended, EndReason.REPLACED));
            assertEquals(isRenewal() ? Set.of() : ids(smallest().orElseThrow()), ids(ended, EndReason.EVICTED));
            Set<StreamId> expected = new HashSet<>(ids(before));
            expected.add(request.id());
            ended.forEach(end -> expected.remove(end.id()));
            assertEquals(expected, ids(after));
            for (QuotaRule rule : quota.rules()) {
                amounts(rule, after)
                        .forEach((group, amount) -> assertTrue(
                                amount
                                        <= Math.max(
                                                rule.limit(),
                                                amounts(rule, before).getOrDefault(group, 0L)),
                                () -> after + " break " + rule));
            }
            assertTrue(after.size() <= Math.max(quota.limit(), before.size()));
        }

        /** Found by trying all sets; among equals the first in the order that the strategy prefers. */
        private Optional<List<Stream>> smallest() {
            List<Stream> endable = inOrder();
            return IntStream.range(0, 1 << endable.size())
                    .mapToObj(bits -> IntStream.range(0, endable.size())
                            .filter(i -> (bits & (1 << i)) != 0)
                            .boxed()
                            .toList())
                    .sorted(Comparator.<List<Integer>>comparingInt(List::size).thenComparing(Object::toString))
                    .map(places -> places.stream().map(endable::get).toList())
                    .filter(ended -> exhausted(rest.stream()
                                    .filter(it -> !ended.contains(it))
                                    .toList())
                            .isEmpty())
                    .findFirst();
        }

        private List<Stream> inOrder() {
            List<Stream> streams = new ArrayList<>(rest);
            Comparator<Stream> start = Comparator.comparing(rest::indexOf);
            switch (quota.whenFull()) {
                case REFUSE -> streams.clear();
                case END_OLDEST -> streams.sort(start);
                case END_NEWEST -> streams.sort(start.reversed());
                case END_LEAST_RECENTLY_SEEN ->
                    streams.sort(Comparator.comparing(Stream::lastSeenAt).thenComparing(start));
                case END_LOWER_PRIORITY -> {
                    streams.removeIf(stream -> priority(quota, stream.attributes()) <= priority(quota, requested));
                    streams.sort(Comparator.<Stream>comparingInt(stream -> -priority(quota, stream.attributes()))
                            .thenComparing(start));
                }
            }
            return streams;
        }

        /** The rules that forbid the stream beside these. */
        private Set<String> exhausted(List<Stream> streams) {
            List<Stream> all = new ArrayList<>(streams);
            all.add(Stream.start(new StreamRequest(request.id(), requested), Optional.empty(), LEASE, Instant.EPOCH));
            Set<String> names = quota.rules().stream()
                    .filter(rule -> counts(rule, requested))
                    .filter(rule -> keptPlace.isEmpty() || !isAlike(rule, keptPlace.get(), requested))
                    .filter(rule -> amounts(rule, all).getOrDefault(group(rule, requested), 0L) > rule.limit())
                    .map(QuotaRule::name)
                    .collect(toSet());
            if (keptPlace.isEmpty() && all.size() > quota.limit()) {
                names.add(StreamQuota.TOTAL);
            }
            return names;
        }

        private boolean countsAgainst(String name, Attributes attributes) {
            return quota.rules().stream()
                    .filter(rule -> rule.name().equals(name))
                    .allMatch(rule ->
                            counts(rule, attributes) && group(rule, attributes).equals(group(rule, requested)));
        }
    }

    private static boolean isAlike(QuotaRule rule, Attributes one, Attributes other) {
        return counts(rule, one)
                && counts(rule, other)
                && group(rule, one).equals(group(rule, other))
                && rule.distinct()
                        .map(name -> value(one, name))
                        .equals(rule.distinct().map(name -> value(other, name)));
    }

    private static String group(QuotaRule rule, Attributes attributes) {
        return rule.per().map(name -> value(attributes, name)).orElse("all");
    }

    /** How much of the rule each group uses. */
    private static Map<String, Long> amounts(QuotaRule rule, List<Stream> streams) {
        return streams.stream()
                .filter(stream -> counts(rule, stream.attributes()))
                .collect(Collectors.groupingBy(
                        stream -> group(rule, stream.attributes()),
                        Collectors.collectingAndThen(Collectors.toList(), some -> rule.distinct()
                                .map(name -> some.stream()
                                        .map(stream -> value(stream.attributes(), name))
                                        .distinct()
                                        .count())
                                .orElse((long) some.size()))));
    }

    private static boolean counts(QuotaRule rule, Attributes attributes) {
        return rule.where().stream()
                .allMatch(condition -> condition.negated()
                        ? !condition.values().contains(value(attributes, condition.attribute()))
                        : condition.values().contains(value(attributes, condition.attribute())));
    }

    private static int priority(StreamQuota quota, Attributes attributes) {
        int index = quota.devicePriority().indexOf(value(attributes, Attributes.DEVICE_TYPE));
        return index < 0 ? Integer.MAX_VALUE : index;
    }

    private static boolean reclaims(StreamQuota quota, Stream stream, Attributes requested) {
        return quota.reclaimSameDevice() != Reclaim.NONE
                && (quota.reclaimSameDevice() == Reclaim.ANY_ASSET
                                ? List.of(Attributes.DEVICE_ID)
                                : List.of(Attributes.DEVICE_ID, Attributes.ASSET_ID))
                        .stream()
                                .allMatch(name -> !value(stream.attributes(), name)
                                                .equals("unknown")
                                        && value(stream.attributes(), name).equals(value(requested, name)));
    }

    private static String value(Attributes attributes, String name) {
        String value = attributes.values().getOrDefault(name, "");
        return value.isBlank() ? "unknown" : value;
    }

    private static Set<StreamId> ids(List<Stream> streams) {
        return streams.stream().map(Stream::id).collect(toSet());
    }

    private static Set<StreamId> ids(List<EndedStream> ended, EndReason reason) {
        return ended.stream()
                .filter(end -> end.reason() == reason)
                .map(EndedStream::id)
                .collect(toSet());
    }

    private static StreamQuota quota(Draw draw) {
        int rules = draw.between(0, 4);
        WhenFull whenFull = draw.oneOf(WhenFull.values());
        return new StreamQuota(
                "plan",
                draw.between(1, 6),
                IntStream.range(0, rules).mapToObj(i -> rule("rule-" + i, draw)).toList(),
                whenFull,
                whenFull == WhenFull.END_LOWER_PRIORITY ? List.of("tv", "phone") : List.of(),
                draw.oneOf(Reclaim.values()));
    }

    private static QuotaRule rule(String name, Draw draw) {
        Condition tv = new Condition(Attributes.DEVICE_TYPE, Set.of("tv"));
        Condition phone = new Condition(Attributes.DEVICE_TYPE, Set.of("phone", "unknown"));
        Condition live = new Condition(Attributes.ASSET_TYPE, Set.of("live"));
        Condition notTv = new Condition(Attributes.DEVICE_TYPE, Set.of("tv"), true);
        Condition known = new Condition(Attributes.ASSET_TYPE, Set.of("unknown"), true);
        return new QuotaRule(
                name,
                draw.between(0, 3),
                draw.oneOf(
                        List.of(),
                        List.of(tv),
                        List.of(phone),
                        List.of(live),
                        List.of(live, tv),
                        List.of(notTv),
                        List.of(live, notTv),
                        List.of(phone, notTv, known)),
                draw.maybe(0.3, () -> draw.oneOf(Attributes.PROFILE, Attributes.ASSET_ID)),
                draw.maybe(0.4, () -> draw.oneOf(Attributes.DEVICE_ID, Attributes.ASSET_ID)),
                false);
    }

    private static StreamRequest request(Draw draw) {
        StreamId id = id(draw);
        Set<StreamId> replaces = new HashSet<>(draw.chance(0.2) ? draw.listOf(0, 2, () -> id(draw)) : List.of());
        replaces.remove(id);
        return new StreamRequest(id, draw.chance(0.1) ? Attributes.NONE : attributes(draw), replaces);
    }

    private static StreamId id(Draw draw) {
        return new StreamId(draw.oneOf("a", "b", "c", "d", "e", "f", "g"));
    }

    private static Attributes attributes(Draw draw) {
        Map<String, String> values = new HashMap<>();
        values.put(Attributes.DEVICE_TYPE, draw.oneOf("tv", "phone", ""));
        values.put(Attributes.DEVICE_ID, draw.oneOf("d1", "d2", "d3", " ", ""));
        values.put(Attributes.ASSET_TYPE, draw.oneOf("live", "movie", ""));
        values.put(Attributes.ASSET_ID, draw.oneOf("m1", "m2", ""));
        values.put(Attributes.PROFILE, draw.oneOf("kids", " ", ""));
        values.values().removeIf(String::isEmpty);
        return new Attributes(values);
    }
}
