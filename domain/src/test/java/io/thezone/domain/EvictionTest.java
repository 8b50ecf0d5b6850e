package io.thezone.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.domain.QuotaRule.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Searches for whom to end that somebody made hard. */
class EvictionTest {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final Lease LEASE = new Lease(Duration.ofSeconds(90), Duration.ofSeconds(30));

    /** Each rule counts two streams of a triangle, so that two of each three must end. */
    @Test
    void rulesThatShareNoStreamAreSolvedEachForThemselves() {
        List<Set<Integer>> rulesOfStreams = new ArrayList<>();
        for (int triangle = 0; triangle < 5; triangle++) {
            for (int corner = 0; corner < 3; corner++) {
                rulesOfStreams.add(Set.of(3 * triangle + corner, 3 * triangle + (corner + 1) % 3));
            }
        }
        Step<AcquireOutcome> step = acquire(rulesOfStreams, quota(15, 2));
        AcquireOutcome.Admitted admitted = assertInstanceOf(AcquireOutcome.Admitted.class, step.outcome());
        assertEquals(10, admitted.ended().size());
        assertTrue(step.cost() > 0 && step.cost() < Step.MAX_COST / 10, "it took " + step.cost());
    }

    @Test
    void aSearchThatCostsTooMuchRefusesAndCostsTheSameEachTime() {
        List<Set<Integer>> rulesOfStreams = random(16, 90);
        Step<AcquireOutcome> first = acquire(rulesOfStreams, quota(16, 3));
        Step<AcquireOutcome> again = acquire(rulesOfStreams, quota(16, 3));
        assertInstanceOf(AcquireOutcome.Refused.class, first.outcome());
        assertTrue(first.cost() > Step.MAX_COST && first.cost() < 2 * Step.MAX_COST, "it took " + first.cost());
        assertInstanceOf(AcquireOutcome.Refused.class, again.outcome());
        assertEquals(first.cost(), again.cost());
    }

    @Test
    void aPlanIsCostlyIfStreamsCanCountAgainstManyOfItsRulesAtOnce() {
        assertEquals(List.of(), quota(4, 2).costlyRules());
        assertEquals(
                List.of("rule-0", "rule-1", "rule-2", "rule-3", "rule-4"),
                quota(5, 2).costlyRules());
    }

    @Test
    void rulesForDifferentValuesOfAnAttributeAreNeverUsedUpAtOnce() {
        List<QuotaRule> rules = IntStream.range(0, 20)
                .mapToObj(i -> new QuotaRule(
                        "channel-" + i,
                        1,
                        List.of(new Condition(Attributes.ASSET_CHANNEL, Set.of("c" + i))),
                        Optional.empty(),
                        Optional.empty(),
                        false))
                .toList();
        assertEquals(List.of(), new StreamQuota("plan", 9, rules, WhenFull.END_OLDEST, List.of(), false).costlyRules());
    }

    @Test
    void theStreamThatCountsEndsAlsoBesideTwoOfOneId() {
        Stream counts = new Stream(new StreamId("counts"), attributes(Set.of(0)), NOW, NOW, NOW.plusSeconds(90));
        Stream twice = new Stream(new StreamId("twice"), Attributes.NONE, NOW, NOW, NOW.plusSeconds(90));
        Step<AcquireOutcome> step = new Session(List.of(twice, twice, counts), List.of(), NOW)
                .acquire(new StreamRequest(new StreamId("new"), attributes(Set.of(0))), quota(1, 1), LEASE, NOW);
        AcquireOutcome.Admitted admitted = assertInstanceOf(AcquireOutcome.Admitted.class, step.outcome());
        assertEquals(
                List.of(counts.id()),
                admitted.ended().stream().map(EndedStream::id).toList());
    }

    private static List<Set<Integer>> random(int rules, int streams) {
        Random random = new Random(1);
        List<Set<Integer>> rulesOfStreams = new ArrayList<>();
        for (int i = 0; i < streams; i++) {
            Set<Integer> some = new HashSet<>();
            for (int j = 0; j < 3; j++) {
                some.add(random.nextInt(rules));
            }
            rulesOfStreams.add(some);
        }
        return rulesOfStreams;
    }

    private static StreamQuota quota(int rules, int limit) {
        return new StreamQuota(
                "plan",
                StreamQuota.MAX_LIMIT,
                IntStream.range(0, rules)
                        .mapToObj(i -> new QuotaRule(
                                "rule-" + i,
                                limit,
                                List.of(new Condition("custom.a" + i, Set.of("1"))),
                                Optional.empty(),
                                Optional.empty(),
                                false))
                        .toList(),
                WhenFull.END_OLDEST,
                List.of(),
                false);
    }

    /** One more stream, which counts against all rules. */
    private static Step<AcquireOutcome> acquire(List<Set<Integer>> rulesOfStreams, StreamQuota quota) {
        List<Stream> streams = new ArrayList<>();
        for (Set<Integer> rules : rulesOfStreams) {
            streams.add(new Stream(
                    new StreamId("stream-" + streams.size()), attributes(rules), NOW, NOW, NOW.plusSeconds(90)));
        }
        Set<Integer> all = IntStream.range(0, quota.rules().size()).boxed().collect(Collectors.toSet());
        return new Session(streams, List.of(), NOW)
                .acquire(new StreamRequest(new StreamId("new"), attributes(all)), quota, LEASE, NOW);
    }

    private static Attributes attributes(Set<Integer> rules) {
        Map<String, String> values = new HashMap<>();
        rules.forEach(rule -> values.put("custom.a" + rule, "1"));
        return new Attributes(values);
    }
}
