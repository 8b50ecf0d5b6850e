package io.thezone.domain;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.domain.QuotaRule.Condition;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a plan may consist of, and what is known of it before a stream is judged. */
class PlansTest {
    private static final StreamQuota BASIC = new StreamQuota("basic", 1);
    private static final StreamQuota FAMILY = new StreamQuota("family", 6);

    @Test
    void theDefaultPlanIsOneOfThePlans() {
        QuotaPlans plans = QuotaPlans.of(List.of(FAMILY, BASIC), "basic", false);

        assertEquals(BASIC, plans.defaultPlan());
        assertEquals(List.of("basic", "family"), List.copyOf(plans.names()));
        assertEquals(
                "the default plan gold is not among the plans basic, family",
                refusal(() -> QuotaPlans.of(List.of(FAMILY, BASIC), "gold", false)));
    }

    @Test
    void anUnknownPlanIsTheDefaultPlanOnlyWhereThatIsWanted() {
        assertEquals(
                Optional.of(FAMILY),
                QuotaPlans.of(List.of(FAMILY, BASIC), "basic", false).named("family"));
        assertEquals(
                Optional.of(FAMILY),
                QuotaPlans.of(List.of(FAMILY, BASIC), "basic", true).named("family"));
        assertEquals(
                Optional.empty(),
                QuotaPlans.of(List.of(FAMILY, BASIC), "basic", false).named("gold"));
        assertEquals(
                Optional.of(BASIC),
                QuotaPlans.of(List.of(FAMILY, BASIC), "basic", true).named("gold"));
    }

    @Test
    void aWarningNamesAPlanWhoseSearchMayCostTooMuchAndItsRules() {
        StreamQuota costly = costly("costly", WhenFull.END_OLDEST);

        assertEquals(
                List.of("the plan costly ends streams under 5 rules that may all be used up at once"
                        + " (rule-0, rule-1, rule-2, rule-3, rule-4); where the search for whom to end takes too long"
                        + " it refuses, so use at most 4 such rules"),
                QuotaPlans.of(List.of(BASIC, costly, FAMILY), "basic", false).warnings());
    }

    @Test
    void aPlanThatRefusesSearchesForNothing() {
        assertEquals(List.of(), costly("refusing", WhenFull.REFUSE).costlyRules());
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "z", "A", "Z", "0", "9", "-", "_", ".", "family-2.0_B"})
    void aNameMayHaveLettersDigitsAndThreeOtherCharacters(String name) {
        assertEquals(name, new StreamQuota(name, 1).name());
        assertEquals(name, rule(name, 1).name());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a/b", "a:b", "a@b", "a[b", "a`b", "a{b", "ü", "a,b"})
    void aNameHasNoOtherCharacters(String name) {
        assertEquals(
                "the name of a plan must be 1 to 64 of A-Z a-z 0-9 . _ -", refusal(() -> new StreamQuota(name, 1)));
        assertEquals("the name of a rule must be 1 to 64 of A-Z a-z 0-9 . _ -", refusal(() -> rule(name, 1)));
    }

    @Test
    void aNameHasAtMost64Characters() {
        assertDoesNotThrow(() -> new StreamQuota("x".repeat(64), 1));
        assertThrows(IllegalArgumentException.class, () -> new StreamQuota("x".repeat(65), 1));
    }

    @Test
    void aRuleHasANameOfItsOwn() {
        assertEquals("a rule must not be named limit: that is the plan's total", refusal(() -> rule("limit", 1)));
        assertEquals("two rules are named one", refusal(() -> plan(List.of(rule("one", 1), rule("one", 2)))));
    }

    @Test
    void aRuleAdmitsNoneToAHundred() {
        assertDoesNotThrow(() -> rule("none", 0));
        assertDoesNotThrow(() -> rule("hundred", 100));
        assertEquals("the limit of rule less must be 0 to 100, not -1", refusal(() -> rule("less", -1)));
        assertEquals("the limit of rule more must be 0 to 100, not 101", refusal(() -> rule("more", 101)));
    }

    @Test
    void aPlanHasAtMost32Rules() {
        List<QuotaRule> rules =
                IntStream.range(0, 33).mapToObj(i -> rule("rule-" + i, 1)).toList();

        assertDoesNotThrow(() -> plan(rules.subList(0, 32)));
        assertEquals("a plan has at most 32 rules, not 33", refusal(() -> plan(rules)));
    }

    @Test
    void anotherTotalLeavesTheRestOfAPlanAsItIs() {
        StreamQuota plan = new StreamQuota(
                "some", 2, List.of(rule("one", 1)), WhenFull.END_LOWER_PRIORITY, List.of("tv"), Reclaim.SAME_ASSET);

        assertEquals(
                new StreamQuota(
                        "some",
                        5,
                        List.of(rule("one", 1)),
                        WhenFull.END_LOWER_PRIORITY,
                        List.of("tv"),
                        Reclaim.SAME_ASSET),
                plan.withLimit(5));
        assertEquals("the limit must be 1 to 100, not 101", refusal(() -> plan.withLimit(101)));
    }

    @Test
    void devicePriorityBelongsToOneStrategy() {
        assertDoesNotThrow(() -> plan(WhenFull.END_LOWER_PRIORITY, List.of("tv")));
        assertEquals(
                "end-lower-priority needs devicePriority, a list of device types",
                refusal(() -> plan(WhenFull.END_LOWER_PRIORITY, List.of())));
        assertEquals(
                "devicePriority means nothing unless whenFull is end-lower-priority",
                refusal(() -> plan(WhenFull.END_OLDEST, List.of("tv"))));
    }

    @Test
    void aConditionHasAValue() {
        assertEquals(
                "where of rule some names no value of profile: no stream would count",
                refusal(() -> new QuotaRule(
                        "some",
                        1,
                        List.of(new Condition(Attributes.PROFILE, Set.of())),
                        Optional.empty(),
                        Optional.empty(),
                        false)));
    }

    @Test
    void aNegatedConditionHasAValueAndLeavesSomeToCount() {
        Condition tvOrPhone = new Condition(Attributes.DEVICE_TYPE, Set.of("tv", "phone"));

        assertEquals(
                "whereNot of rule some names no value of profile: no stream would be left out",
                refusal(() -> where(new Condition(Attributes.PROFILE, Set.of(), true))));
        assertEquals(
                "where and whereNot of rule some leave no value of device.type: no stream would count",
                refusal(() -> where(tvOrPhone, new Condition(Attributes.DEVICE_TYPE, Set.of("phone", "tv"), true))));
        assertDoesNotThrow(() -> where(tvOrPhone, new Condition(Attributes.DEVICE_TYPE, Set.of("tv"), true)));
        assertDoesNotThrow(() -> where(tvOrPhone, new Condition(Attributes.PROFILE, Set.of("tv", "phone"), true)));
    }

    @Test
    void aNegatedConditionIsMetByEveryOtherValueAlsoByNone() {
        Condition notKids = new Condition(Attributes.PROFILE, Set.of("kids", "teens"), true);

        assertTrue(notKids.isMetBy(about(Attributes.PROFILE, "adults")));
        assertTrue(notKids.isMetBy(about()));
        assertTrue(notKids.isMetBy(about(Attributes.PROFILE, " ")));
        assertFalse(notKids.isMetBy(about(Attributes.PROFILE, "kids")));
        assertFalse(notKids.isMetBy(about(Attributes.PROFILE, "teens")));
        assertFalse(new Condition(Attributes.PROFILE, Set.of("unknown"), true).isMetBy(about()));
    }

    @Test
    void rulesExcludeEachOtherIfNoValueIsLeftForBoth() {
        QuotaRule tv = where(new Condition(Attributes.DEVICE_TYPE, Set.of("tv")));
        QuotaRule screens = where(new Condition(Attributes.DEVICE_TYPE, Set.of("tv", "phone")));
        QuotaRule phone = where(new Condition(Attributes.DEVICE_TYPE, Set.of("phone")));
        QuotaRule notTv = where(new Condition(Attributes.DEVICE_TYPE, Set.of("tv"), true));
        QuotaRule notPhone = where(new Condition(Attributes.DEVICE_TYPE, Set.of("phone"), true));
        QuotaRule kids = where(new Condition(Attributes.PROFILE, Set.of("tv"), true));

        assertTrue(tv.excludes(phone));
        assertTrue(tv.excludes(notTv));
        assertTrue(notTv.excludes(tv));
        assertFalse(tv.excludes(screens));
        assertFalse(notTv.excludes(screens));
        assertFalse(tv.excludes(notPhone));
        assertFalse(notTv.excludes(notPhone), "a radio counts against both");
        assertFalse(tv.excludes(kids), "another attribute may have the same value");
        assertFalse(tv.excludes(rule("all", 1)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"device.name", "asset.title", "colour", "custom."})
    void aRuleLooksAtNoAttributeThatIsUnknownOrShownToPeople(String attribute) {
        String refusal =
                refusal(() -> new QuotaRule("some", 1, List.of(), Optional.of(attribute), Optional.empty(), false));

        assertEquals(
                "rule some looks at " + attribute + "; rules can look at device.id, device.type, asset.id, asset.type,"
                        + " asset.channel, profile, location and custom.…",
                refusal);
    }

    @Test
    void aRuleThatRequiresAttributesLooksAtSome() {
        assertEquals(
                "rule some looks at no attribute that it could require",
                refusal(() -> new QuotaRule("some", 1, List.of(), Optional.empty(), Optional.empty(), true)));
    }

    @Test
    void theAttributesOfARuleAreThoseOfAllItsParts() {
        StreamQuota plan = plan(List.of(demanding(true), rule("other", 1)));

        assertEquals(
                Set.of(Attributes.ASSET_TYPE, Attributes.PROFILE, Attributes.DEVICE_ID),
                plan.attributesOf("demanding"));
        assertEquals(Set.of(), plan.attributesOf("other"));
        assertEquals(Set.of(), plan.attributesOf(StreamQuota.TOTAL));
    }

    @Test
    void aStreamMustSayFirstWhetherItCountsAndThenWhatCounts() {
        StreamQuota plan = plan(List.of(rule("other", 1), demanding(true)));

        assertEquals(Optional.of(missing(Attributes.ASSET_TYPE)), plan.missing(about()));
        assertEquals(Optional.empty(), plan.missing(about(Attributes.ASSET_TYPE, "movie")));
        assertEquals(Optional.of(missing(Attributes.PROFILE)), plan.missing(about(Attributes.ASSET_TYPE, "live")));
        assertEquals(
                Optional.of(missing(Attributes.PROFILE)),
                plan.missing(about(Attributes.ASSET_TYPE, "live", Attributes.PROFILE, " ")),
                "a blank value is none");
        assertEquals(
                Optional.of(missing(Attributes.DEVICE_ID)),
                plan.missing(about(Attributes.ASSET_TYPE, "live", Attributes.PROFILE, "kids")));
        assertEquals(
                Optional.empty(),
                plan.missing(
                        about(Attributes.ASSET_TYPE, "live", Attributes.PROFILE, "kids", Attributes.DEVICE_ID, "tv")));
        assertEquals(Optional.empty(), plan(List.of(demanding(false))).missing(about()));
    }

    @Test
    void aStreamMustSayWhetherItIsLeftOut() {
        StreamQuota plan = plan(List.of(new QuotaRule(
                "demanding",
                1,
                List.of(new Condition(Attributes.PROFILE, Set.of("kids"), true)),
                Optional.empty(),
                Optional.of(Attributes.DEVICE_ID),
                true)));

        assertEquals(Optional.of(missing(Attributes.PROFILE)), plan.missing(about()));
        assertEquals(Optional.empty(), plan.missing(about(Attributes.PROFILE, "kids")));
        assertEquals(Optional.of(missing(Attributes.DEVICE_ID)), plan.missing(about(Attributes.PROFILE, "adults")));
    }

    @Test
    void aStreamThatLacksWhatARuleRequiresChangesNothing() {
        Step<AcquireOutcome> step = Session.EMPTY.acquire(
                new StreamRequest(new StreamId("a"), Attributes.NONE),
                plan(List.of(demanding(true))),
                new Lease(Duration.ofSeconds(90), Duration.ofSeconds(30)),
                Instant.EPOCH);

        assertEquals(
                new Step<>(Session.EMPTY, new AcquireOutcome.Incomplete(missing(Attributes.ASSET_TYPE), Instant.EPOCH)),
                step);
    }

    @Test
    void theSameDeviceReclaimsOnlyItsOwnAsset() {
        StreamQuota reclaiming = new StreamQuota("some", 1, List.of(), WhenFull.REFUSE, List.of(), Reclaim.SAME_ASSET);
        Attributes player = about(Attributes.DEVICE_ID, "tv", Attributes.ASSET_ID, "film");
        Attributes unknown = about(Attributes.DEVICE_ID, "tv", Attributes.ASSET_ID, "unknown");
        Attributes blank = about(Attributes.DEVICE_ID, " ", Attributes.ASSET_ID, "film");
        Stream held = stream(player);

        assertTrue(reclaiming.reclaims(held, player));
        assertFalse(BASIC.reclaims(held, player));
        assertFalse(reclaiming.reclaims(held, about(Attributes.DEVICE_ID, "tv", Attributes.ASSET_ID, "series")));
        assertFalse(reclaiming.reclaims(held, about(Attributes.DEVICE_ID, "phone", Attributes.ASSET_ID, "film")));
        assertFalse(reclaiming.reclaims(stream(about(Attributes.DEVICE_ID, "tv")), about(Attributes.DEVICE_ID, "tv")));
        assertFalse(reclaiming.reclaims(stream(about()), about()), "a missing attribute is not the same as another");
        assertFalse(reclaiming.reclaims(stream(unknown), unknown));
        assertFalse(reclaiming.reclaims(stream(blank), blank));
    }

    @Test
    void theSameDeviceReclaimsWhateverItHeldIfThePlanSaysSo() {
        StreamQuota reclaiming = new StreamQuota("some", 1, List.of(), WhenFull.REFUSE, List.of(), Reclaim.ANY_ASSET);
        Attributes player = about(Attributes.DEVICE_ID, "tv", Attributes.ASSET_ID, "film");
        Attributes anonymous = about(Attributes.ASSET_ID, "film");
        Attributes unknown = about(Attributes.DEVICE_ID, "unknown", Attributes.ASSET_ID, "film");
        Stream held = stream(player);

        assertTrue(reclaiming.reclaims(held, player));
        assertTrue(reclaiming.reclaims(held, about(Attributes.DEVICE_ID, "tv", Attributes.ASSET_ID, "series")));
        assertTrue(reclaiming.reclaims(held, about(Attributes.DEVICE_ID, "tv")));
        assertTrue(reclaiming.reclaims(stream(about(Attributes.DEVICE_ID, "tv")), player));
        assertFalse(reclaiming.reclaims(held, about(Attributes.DEVICE_ID, "phone", Attributes.ASSET_ID, "film")));
        assertFalse(reclaiming.reclaims(held, anonymous));
        assertFalse(reclaiming.reclaims(stream(anonymous), anonymous), "nobody knows whose device that is");
        assertFalse(reclaiming.reclaims(stream(unknown), unknown));
    }

    @Test
    void eachWayToReclaimIsSpelledAsInPolicies() {
        assertEquals(
                List.of("false", "true", "any-asset"),
                Arrays.stream(Reclaim.values()).map(Reclaim::spelling).toList());
    }

    @Test
    void eachStrategyPrefersTheStreamsOfItsName() {
        Stream oldPhone = stream("old-phone", "phone", 0, 30);
        Stream tv = stream("tv", "tv", 10, 10);
        Stream newPhone = stream("new-phone", "phone", 20, 20);
        Stream radio = stream("radio", "radio", 25, 25);
        List<Stream> live = List.of(tv, radio, newPhone, oldPhone);

        assertEquals(List.of(), evictable(WhenFull.REFUSE, live));
        assertEquals(List.of(oldPhone, tv, newPhone, radio), evictable(WhenFull.END_OLDEST, live));
        assertEquals(List.of(radio, newPhone, tv, oldPhone), evictable(WhenFull.END_NEWEST, live));
        assertEquals(List.of(tv, newPhone, radio, oldPhone), evictable(WhenFull.END_LEAST_RECENTLY_SEEN, live));
        assertEquals(
                List.of(radio, oldPhone, newPhone),
                evictable(WhenFull.END_LOWER_PRIORITY, live),
                "for a TV; a type that the plan does not name comes last");
    }

    @Test
    void eachStrategyIsSpelledAsInPolicies() {
        assertEquals(
                List.of("refuse", "end-oldest", "end-newest", "end-least-recently-seen", "end-lower-priority"),
                Arrays.stream(WhenFull.values()).map(WhenFull::spelling).toList());
    }

    @Test
    void aRuleCountsStreamsOfItsKindAndOfTheSameValueOnly() {
        QuotaRule onePerProfile = new QuotaRule(
                "one-per-profile",
                1,
                List.of(new Condition(Attributes.ASSET_TYPE, Set.of("live"))),
                Optional.of(Attributes.PROFILE),
                Optional.empty(),
                false);
        Attributes kids = about(Attributes.ASSET_TYPE, "live", Attributes.PROFILE, "kids");
        Stream held = stream(kids);

        assertEquals(
                Optional.of(new ExhaustedRule("one-per-profile", 1, 1, List.of(held))),
                onePerProfile.exhaustedBy(List.of(held), kids, Optional.empty()));
        assertEquals(Optional.empty(), onePerProfile.exhaustedBy(List.of(), kids, Optional.empty()));
        assertEquals(
                Optional.empty(),
                onePerProfile.exhaustedBy(
                        List.of(held),
                        about(Attributes.ASSET_TYPE, "live", Attributes.PROFILE, "adults"),
                        Optional.empty()));
        assertEquals(
                Optional.empty(),
                onePerProfile.exhaustedBy(
                        List.of(held),
                        about(Attributes.ASSET_TYPE, "movie", Attributes.PROFILE, "kids"),
                        Optional.empty()));
        assertEquals(
                Optional.empty(),
                onePerProfile.exhaustedBy(List.of(held), kids, Optional.of(kids)),
                "a place that counted alike is kept");
        assertTrue(onePerProfile
                .exhaustedBy(List.of(held), kids, Optional.of(about(Attributes.PROFILE, "kids")))
                .isPresent());
    }

    @Test
    void aRuleThatCountsValuesNamesHowManyStreamsTheRarestOnesHave() {
        QuotaRule twoDevices =
                new QuotaRule("two-devices", 2, List.of(), Optional.empty(), Optional.of(Attributes.DEVICE_ID), false);
        Stream first = stream(about(Attributes.DEVICE_ID, "d1"));
        Stream second = stream(about(Attributes.DEVICE_ID, "d2"));
        List<Stream> live = List.of(first, first, second, second, second);
        Attributes third = about(Attributes.DEVICE_ID, "d3");

        assertEquals(
                Optional.of(new ExhaustedRule("two-devices", 2, 2, live)),
                twoDevices.exhaustedBy(live, third, Optional.empty()));
        assertEquals(Optional.empty(), twoDevices.exhaustedBy(live, first.attributes(), Optional.empty()));
        assertEquals(Optional.empty(), twoDevices.exhaustedBy(List.of(first), third, Optional.empty()));
        assertEquals(Optional.empty(), twoDevices.exhaustedBy(live, third, Optional.of(third)));
        assertTrue(twoDevices
                .exhaustedBy(live, third, Optional.of(first.attributes()))
                .isPresent());
    }

    private static List<Stream> evictable(WhenFull whenFull, List<Stream> live) {
        List<String> priority = whenFull == WhenFull.END_LOWER_PRIORITY ? List.of("tv", "phone") : List.of();
        return plan(whenFull, priority).evictable(live, about(Attributes.DEVICE_TYPE, "tv"));
    }

    private static Stream stream(String id, String device, int startedAt, int seenAt) {
        return new Stream(
                new StreamId(id),
                about(Attributes.DEVICE_TYPE, device),
                Instant.EPOCH.plusSeconds(startedAt),
                Instant.EPOCH.plusSeconds(seenAt),
                Instant.EPOCH.plusSeconds(90));
    }

    private static StreamQuota costly(String name, WhenFull whenFull) {
        List<QuotaRule> rules =
                IntStream.range(0, 5).mapToObj(i -> rule("rule-" + i, 1)).toList();
        return new StreamQuota(name, 9, rules, whenFull, List.of(), Reclaim.NONE);
    }

    private static QuotaRule demanding(boolean required) {
        return new QuotaRule(
                "demanding",
                1,
                List.of(new Condition(Attributes.ASSET_TYPE, Set.of("live"))),
                Optional.of(Attributes.PROFILE),
                Optional.of(Attributes.DEVICE_ID),
                required);
    }

    private static QuotaRule where(Condition... conditions) {
        return new QuotaRule("some", 1, List.of(conditions), Optional.empty(), Optional.empty(), false);
    }

    private static MissingAttribute missing(String attribute) {
        return new MissingAttribute("demanding", attribute);
    }

    private static QuotaRule rule(String name, int limit) {
        return new QuotaRule(name, limit, List.of(), Optional.empty(), Optional.empty(), false);
    }

    private static StreamQuota plan(List<QuotaRule> rules) {
        return new StreamQuota("some", 1, rules, WhenFull.REFUSE, List.of(), Reclaim.NONE);
    }

    private static StreamQuota plan(WhenFull whenFull, List<String> devicePriority) {
        return new StreamQuota("some", 1, List.of(), whenFull, devicePriority, Reclaim.NONE);
    }

    private static Stream stream(Attributes attributes) {
        return new Stream(
                new StreamId("held"), attributes, Instant.EPOCH, Instant.EPOCH, Instant.EPOCH.plusSeconds(90));
    }

    private static Attributes about(String... pairs) {
        return switch (pairs.length) {
            case 0 -> Attributes.NONE;
            case 2 -> new Attributes(Map.of(pairs[0], pairs[1]));
            case 4 -> new Attributes(Map.of(pairs[0], pairs[1], pairs[2], pairs[3]));
            default -> new Attributes(Map.of(pairs[0], pairs[1], pairs[2], pairs[3], pairs[4], pairs[5]));
        };
    }

    private static String refusal(Executable constructor) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, constructor).getMessage());
    }
}
