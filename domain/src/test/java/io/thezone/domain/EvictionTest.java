package io.thezone.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.domain.QuotaRule.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
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

/** Searches for streams to end, made hard on purpose. */
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
        Step<AcquireOutcome> step = acquire(rulesOfStreams, plan(15, 2));
        AcquireOutcome.Admitted admitted = assertInstanceOf(AcquireOutcome.Admitted.class, step.outcome());
        assertEquals(10, admitted.ended().size());
        assertTrue(step.cost() > 0 && step.cost() < Step.MAX_COST / 10, "it took " + step.cost());
    }

    @Test
    void aSearchThatCostsTooMuchRefusesAndCostsTheSameEachTime() {
        List<Set<Integer>> rulesOfStreams = random(16, 90);
        Step<AcquireOutcome> first = acquire(rulesOfStreams, plan(16, 3));
        Step<AcquireOutcome> again = acquire(rulesOfStreams, plan(16, 3));
        assertInstanceOf(AcquireOutcome.Refused.class, first.outcome());
        assertTrue(first.cost() > Step.MAX_COST && first.cost() < 2 * Step.MAX_COST, "it took " + first.cost());
        assertInstanceOf(AcquireOutcome.Refused.class, again.outcome());
        assertEquals(first.cost(), again.cost());
    }

    @Test
    void aSearchThatCostsJustTheLimitIsFinishedAndOneThatCostsALittleMoreIsNot() {
        List<QuotaRule> rules = new ArrayList<>(plan(5, 12).rules());
        rules.add(rule(5, 1));
        StreamQuota plan = plan(rules, StreamQuota.MAX_LIMIT);
        List<Set<Integer>> streams = random(5, 42);
        streams.addAll(Collections.nCopies(22, Set.of(5)));

        assertEquals(Step.MAX_COST, cost(streams, plan));
        streams.add(Set.of(5));
        assertInstanceOf(AcquireOutcome.Refused.class, acquire(streams, plan).outcome());
    }

    /** Figures that grow when a lower bound, the interchangeable streams, the components or the implied demands are lost. */
    @Test
    void aSearchEvaluatesNoMoreDemandsThanItsCutsLeave() {
        List<Set<Integer>> triangle = List.of(Set.of(0, 1), Set.of(1, 2), Set.of(2, 0));
        List<Set<Integer>> alike = Collections.nCopies(60, Set.of(0));
        List<Set<Integer>> apart =
                IntStream.range(0, 60).mapToObj(i -> Set.of(i % 3)).toList();

        assertEquals(15, cost(triangle, plan(3, 2, 100)));
        assertEquals(63, cost(alike, plan(1, 30, 100)));
        assertEquals(45, cost(apart, plan(3, 15, 45)));
        assertEquals(260, cost(random(4, 30), plan(4, 8, 100)));
        assertEquals(480, cost(random(5, 24), plan(5, 8, 100)));
        assertEquals(528, cost(random(6, 20), plan(6, 6, 20)));
    }

    @Test
    void demandsThatShareNoStreamAddUpEvenWhereAThirdOverlapsBoth() {
        List<Set<Integer>> streams =
                List.of(Set.of(0, 2), Set.of(0, 2), Set.of(0), Set.of(1, 2), Set.of(1, 2), Set.of(1));
        StreamQuota plan = plan(List.of(rule(0, 2), rule(1, 2), rule(2, 4)), 100);

        assertEquals(30, cost(streams, plan));
    }

    @Test
    void theTotalIsLeftOutWhereSmallerDemandsImplyItWhateverTheOrderOfRules() {
        List<Set<Integer>> streams = List.of(Set.of(0, 1), Set.of(0, 1), Set.of(0, 2), Set.of(0, 2));
        StreamQuota plan = plan(List.of(rule(0, 4), rule(1, 2), rule(2, 2)), 3);

        assertEquals(7, cost(streams, plan));
    }

    @Test
    void asManyStreamsAreSearchedAsASetOfBitsHolds() {
        assertInstanceOf(
                AcquireOutcome.Admitted.class,
                acquire(Collections.nCopies(128, Set.of()), plan(0, 0)).outcome());
        assertInstanceOf(
                AcquireOutcome.Refused.class,
                acquire(Collections.nCopies(129, Set.of()), plan(0, 0)).outcome());
    }

    private static int cost(List<Set<Integer>> rulesOfStreams, StreamQuota plan) {
        Step<AcquireOutcome> step = acquire(rulesOfStreams, plan);
        assertInstanceOf(AcquireOutcome.Admitted.class, step.outcome());
        return step.cost();
    }

    @Test
    void aSearchThatCannotSucceedCostsNoMoreThanALookAtEachDemand() {
        Step<AcquireOutcome> noneAdmitted = acquire(List.of(Set.of(0), Set.of(1)), plan(2, 0));
        Step<AcquireOutcome> noneToEnd = acquire(List.of(), plan(1, 0));

        assertInstanceOf(AcquireOutcome.Refused.class, noneAdmitted.outcome());
        assertEquals(2, noneAdmitted.cost());
        assertInstanceOf(AcquireOutcome.Refused.class, noneToEnd.outcome());
        assertEquals(0, noneToEnd.cost());
    }

    @Test
    void aPlanIsCostlyIfStreamsCanCountAgainstManyOfItsRulesAtOnce() {
        assertEquals(List.of(), plan(4, 2).costlyRules());
        assertEquals(
                List.of("rule-0", "rule-1", "rule-2", "rule-3", "rule-4"),
                plan(5, 2).costlyRules());
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
        assertEquals(
                List.of(),
                new StreamQuota("plan", 9, rules, WhenFull.END_OLDEST, List.of(), Reclaim.NONE).costlyRules());
    }

    @Test
    void theStreamThatCountsEndsAlsoBesideTwoOfOneId() {
        Stream counts = new Stream(new StreamId("counts"), attributes(Set.of(0)), NOW, NOW, NOW.plusSeconds(90));
        Stream twice = new Stream(new StreamId("twice"), Attributes.NONE, NOW, NOW, NOW.plusSeconds(90));
        Step<AcquireOutcome> step = new Session(List.of(twice, twice, counts), List.of(), NOW)
                .acquire(new StreamRequest(new StreamId("new"), attributes(Set.of(0))), plan(1, 1), LEASE, NOW);
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

    private static StreamQuota plan(int rules, int limit) {
        return plan(rules, limit, StreamQuota.MAX_LIMIT);
    }

    private static StreamQuota plan(int rules, int limit, int total) {
        return plan(IntStream.range(0, rules).mapToObj(i -> rule(i, limit)).toList(), total);
    }

    private static StreamQuota plan(List<QuotaRule> rules, int total) {
        return new StreamQuota("plan", total, rules, WhenFull.END_OLDEST, List.of(), Reclaim.NONE);
    }

    private static QuotaRule rule(int number, int limit) {
        return new QuotaRule(
                "rule-" + number,
                limit,
                List.of(new Condition("custom.a" + number, Set.of("1"))),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    /** One more stream, which counts against all rules. */
    private static Step<AcquireOutcome> acquire(List<Set<Integer>> rulesOfStreams, StreamQuota plan) {
        List<Stream> streams = new ArrayList<>();
        for (Set<Integer> rules : rulesOfStreams) {
            streams.add(new Stream(
                    new StreamId("stream-" + streams.size()), attributes(rules), NOW, NOW, NOW.plusSeconds(90)));
        }
        Set<Integer> all = IntStream.range(0, plan.rules().size()).boxed().collect(Collectors.toSet());
        return new Session(streams, List.of(), NOW)
                .acquire(new StreamRequest(new StreamId("new"), attributes(all)), plan, LEASE, NOW);
    }

    private static Attributes attributes(Set<Integer> rules) {
        Map<String, String> values = new HashMap<>();
        rules.forEach(rule -> values.put("custom.a" + rule, "1"));
        return new Attributes(values);
    }
}
