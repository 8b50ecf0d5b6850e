package io.thezone.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SessionTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Lease LEASE = new Lease(Duration.ofSeconds(90), Duration.ofSeconds(30));
    private static final StreamQuota THREE = new StreamQuota("three", 3);

    private Session session = Session.EMPTY;

    @Test
    void aSessionWatchesUpToItsLimit() {
        for (String id : new String[] {"a", "b", "c"}) {
            assertInstanceOf(AcquireOutcome.Admitted.class, acquire(id, NOON));
        }

        AcquireOutcome.Refused refused = assertInstanceOf(AcquireOutcome.Refused.class, acquire("d", NOON));

        assertEquals(StreamQuota.TOTAL, refused.rule().name());
        assertEquals(3, refused.rule().streams().size());
    }

    @Test
    void askingForALiveStreamRenewsItAndTakesNoSecondSlot() {
        acquire("a", NOON);

        AcquireOutcome.Renewed renewed =
                assertInstanceOf(AcquireOutcome.Renewed.class, acquire("a", NOON.plusSeconds(60)));

        assertEquals(1, renewed.active());
        assertEquals(NOON.plusSeconds(150), renewed.stream().expiresAt());
        assertEquals(NOON, renewed.stream().startedAt());
    }

    @Test
    void anEarlyHeartbeatChangesNothing() {
        acquire("a", NOON);

        Step<RenewOutcome> early = session.renew(new StreamId("a"), LEASE, NOON.plusSeconds(15));

        assertSame(session, early.next());
        assertEquals(
                NOON.plusSeconds(90),
                assertInstanceOf(RenewOutcome.Renewed.class, early.outcome()).stream()
                        .expiresAt());
    }

    @Test
    void aHeartbeatWithLessThanTwoAndAHalfLeftRenews() {
        acquire("a", NOON);

        RenewOutcome.Renewed renewed = assertInstanceOf(
                RenewOutcome.Renewed.class, renew("a", NOON.plusSeconds(15).plusMillis(1)));

        assertEquals(NOON.plusSeconds(105).plusMillis(1), renewed.stream().expiresAt());
    }

    @Test
    void aStreamLivesUntilTheMomentItExpires() {
        acquire("a", NOON);

        assertEquals(1, list(NOON.plusSeconds(90).minusNanos(1)).size());
        assertEquals(0, list(NOON.plusSeconds(90)).size());
    }

    @Test
    void anExpiredStreamFreesItsSlotAndItsPlayerLearnsWhy() {
        acquire("a", NOON);
        acquire("b", NOON);
        acquire("c", NOON);

        assertInstanceOf(AcquireOutcome.Admitted.class, acquire("d", NOON.plusSeconds(90)));
        assertEquals(Optional.of(EndReason.EXPIRED), lost("a", NOON.plusSeconds(91)));
    }

    @Test
    void aReleasedStreamFreesItsSlotAndItsPlayerLearnsWhy() {
        acquire("a", NOON);

        assertInstanceOf(ReleaseOutcome.Released.class, release("a", NOON));
        assertEquals(Optional.of(EndReason.RELEASED), lost("a", NOON));
        assertEquals(0, list(NOON).size());
    }

    @Test
    void releasingTwiceChangesNothing() {
        acquire("a", NOON);
        release("a", NOON);
        Session before = session;

        assertInstanceOf(ReleaseOutcome.NotHeld.class, release("a", NOON));
        assertSame(before, session);
    }

    @Test
    void aReleaseOfLiveStreamsAloneRemembersNoOther() {
        acquire("a", NOON);
        Session before = session;

        Step<ReleaseOutcome> unknown = session.releaseLive(new StreamId("b"), NOON);
        assertInstanceOf(ReleaseOutcome.NotHeld.class, unknown.outcome());
        assertSame(before, unknown.next());

        session = session.releaseLive(new StreamId("a"), NOON).next();
        assertEquals(Optional.of(EndReason.RELEASED), lost("a", NOON));
    }

    @Test
    void aStreamThatNobodyKnowsIsLostWithoutAReason() {
        assertEquals(Optional.empty(), lost("a", NOON));
    }

    @Test
    void endsAreForgottenInTime() {
        acquire("a", NOON);
        release("a", NOON);

        assertEquals(
                Optional.of(EndReason.RELEASED),
                lost("a", NOON.plus(EndedStream.MIN_MEMORY).minusNanos(1)));
        assertEquals(Optional.empty(), lost("a", NOON.plus(EndedStream.MIN_MEMORY)));
    }

    @Test
    void noMoreThanABoundedNumberOfEndsIsRemembered() {
        for (int i = 0; i < 100; i++) {
            acquire("s" + i, NOON.plusMillis(i));
            release("s" + i, NOON.plusMillis(i));
        }

        assertEquals(Session.MAX_ENDED, session.ended().size());
        assertEquals(Optional.of(EndReason.RELEASED), lost("s99", NOON.plusSeconds(1)));
        assertEquals(Optional.empty(), lost("s0", NOON.plusSeconds(1)));
    }

    @Test
    void aShorterLeaseNeverShortensWhatWasPromised() {
        acquire("a", NOON);
        Lease shorter = new Lease(Duration.ofSeconds(40), Duration.ofSeconds(19));

        Step<RenewOutcome> renewed = session.renew(new StreamId("a"), shorter, NOON.plusSeconds(45));

        assertEquals(
                NOON.plusSeconds(90),
                assertInstanceOf(RenewOutcome.Renewed.class, renewed.outcome()).stream()
                        .expiresAt());
    }

    @Test
    void aSessionMattersUntilItsLastEndIsForgotten() {
        acquire("a", NOON);

        assertEquals(NOON.plusSeconds(90).plus(EndedStream.MIN_MEMORY), session.lapsesAt());
        assertTrue(Session.EMPTY.lapsesAt().isBefore(NOON));
    }

    @Test
    void aReplacedPlayerLearnsWhichDeviceTookOver() {
        acquire("phone", NOON);
        Attributes tv = new Attributes(Map.of(Attributes.DEVICE_NAME, "Living room", Attributes.ASSET_ID, "film"));

        session = session.acquire(
                        new StreamRequest(new StreamId("tv"), tv, Set.of(new StreamId("phone"))), THREE, LEASE, NOON)
                .next();

        EndedStream end = assertInstanceOf(RenewOutcome.Lost.class, renew("phone", NOON))
                .end()
                .orElseThrow();
        assertEquals(EndReason.REPLACED, end.reason());
        assertEquals(
                Optional.of(new Successor(
                        new StreamId("tv"), new Attributes(Map.of(Attributes.DEVICE_NAME, "Living room")))),
                end.successor());
        assertInstanceOf(AcquireOutcome.Lost.class, acquire("phone", NOON), "or two players would end each other");
    }

    @Test
    void aPlayerThatComesBackFindsItsPlaceUnderALoweredLimitButNoOther() {
        QuotaRule noKids = new QuotaRule(
                "no-kids",
                0,
                List.of(new QuotaRule.Condition(Attributes.PROFILE, Set.of("kids"))),
                Optional.empty(),
                Optional.empty(),
                false);
        StreamQuota lowered =
                new StreamQuota("lowered", 1, List.of(noKids), WhenFull.REFUSE, List.of(), Reclaim.SAME_ASSET);
        Attributes player = new Attributes(Map.of(Attributes.DEVICE_ID, "tv", Attributes.ASSET_ID, "film"));
        Attributes other = new Attributes(
                Map.of(Attributes.DEVICE_ID, "tv", Attributes.ASSET_ID, "film", Attributes.PROFILE, "kids"));
        session = session.acquire(new StreamRequest(new StreamId("a"), player), THREE, LEASE, NOON)
                .next();
        acquire("b", NOON);

        assertInstanceOf(
                AcquireOutcome.Refused.class,
                session.acquire(new StreamRequest(new StreamId("c"), other), lowered, LEASE, NOON)
                        .outcome());
        AcquireOutcome.Admitted back = assertInstanceOf(
                AcquireOutcome.Admitted.class,
                session.acquire(new StreamRequest(new StreamId("c"), player), lowered, LEASE, NOON)
                        .outcome());
        assertEquals(2, back.active());
    }

    @Test
    void aPlayerThatChangesTheChannelTakesThePlacesOfItsDeviceWhileTheyAreWatched() {
        StreamQuota zapping = new StreamQuota("zapping", 1, List.of(), WhenFull.REFUSE, List.of(), Reclaim.ANY_ASSET);
        Attributes first = new Attributes(Map.of(Attributes.DEVICE_ID, "tv", Attributes.ASSET_ID, "first"));
        Attributes second = new Attributes(Map.of(Attributes.DEVICE_ID, "tv", Attributes.ASSET_ID, "second"));
        for (String id : List.of("a", "b")) {
            session = session.acquire(new StreamRequest(new StreamId(id), first), THREE, LEASE, NOON)
                    .next();
        }

        Step<AcquireOutcome> step =
                session.acquire(new StreamRequest(new StreamId("c"), second), zapping, LEASE, NOON.plusSeconds(1));

        AcquireOutcome.Admitted next = assertInstanceOf(AcquireOutcome.Admitted.class, step.outcome());
        assertEquals(1, next.active());
        assertEquals(
                List.of("a REPLACED", "b REPLACED"),
                next.ended().stream()
                        .map(end -> end.id().value() + " " + end.reason())
                        .toList());
        assertInstanceOf(
                AcquireOutcome.Lost.class,
                step.next()
                        .acquire(new StreamRequest(new StreamId("a"), first), zapping, LEASE, NOON.plusSeconds(2))
                        .outcome(),
                "or both channels would keep ending each other");
    }

    @Test
    void manyStreamsEndAtOnceForALoweredLimit() {
        StreamQuota hundred = new StreamQuota("hundred", 100);
        for (int i = 0; i < 100; i++) {
            session = session.acquire(
                            new StreamRequest(new StreamId("s" + i), Attributes.NONE),
                            hundred,
                            LEASE,
                            NOON.plusMillis(i))
                    .next();
        }
        StreamQuota two = new StreamQuota("two", 2, List.of(), WhenFull.END_OLDEST, List.of(), Reclaim.NONE);

        Step<AcquireOutcome> step = session.acquire(
                new StreamRequest(new StreamId("new"), Attributes.NONE), two, LEASE, NOON.plusSeconds(1));

        assertEquals(
                List.of("s99", "new"),
                step.next().streams().stream().map(it -> it.id().value()).toList());
        session = step.next();
        for (int i = 0; i < 99; i++) {
            assertEquals(Optional.of(EndReason.EVICTED), lost("s" + i, NOON.plusSeconds(1)));
        }
    }

    @Test
    void releasesPushOutNoEndThatAnotherPlayerCaused() {
        acquire("phone", NOON);
        session = session.acquire(
                        new StreamRequest(new StreamId("tv"), Attributes.NONE, Set.of(new StreamId("phone"))),
                        THREE,
                        LEASE,
                        NOON)
                .next();
        for (int i = 0; i < 100; i++) {
            acquire("s" + i, NOON.plusMillis(i));
            release("s" + i, NOON.plusMillis(i));
        }

        assertInstanceOf(AcquireOutcome.Lost.class, acquire("phone", NOON.plusSeconds(1)));
    }

    @Test
    void aStreamThatChangesWhatItPlaysIsJudgedAsWhatItBecomes() {
        StreamQuota oneLive = new StreamQuota(
                "one-live",
                3,
                List.of(new QuotaRule(
                        "one-live",
                        1,
                        List.of(new QuotaRule.Condition(Attributes.ASSET_TYPE, Set.of("live"))),
                        Optional.empty(),
                        Optional.empty(),
                        false)),
                WhenFull.REFUSE,
                List.of(),
                Reclaim.NONE);
        Attributes live = new Attributes(Map.of(Attributes.ASSET_TYPE, "live"));
        Attributes movie = new Attributes(Map.of(Attributes.ASSET_TYPE, "movie"));
        acquire("a", NOON);
        session = session.acquire(new StreamRequest(new StreamId("b"), live), oneLive, LEASE, NOON)
                .next();

        Step<AcquireOutcome> refused =
                session.acquire(new StreamRequest(new StreamId("a"), live), oneLive, LEASE, NOON);
        Step<AcquireOutcome> renewed =
                session.acquire(new StreamRequest(new StreamId("b"), movie), oneLive, LEASE, NOON.plusSeconds(1));

        assertSame(session, refused.next());
        assertInstanceOf(AcquireOutcome.Refused.class, refused.outcome());
        AcquireOutcome.Renewed changed = assertInstanceOf(AcquireOutcome.Renewed.class, renewed.outcome());
        assertEquals(movie, changed.stream().attributes());
        assertEquals(NOON, changed.stream().startedAt());
    }

    /** Sixteen rules that overlap over a hundred streams as no household's do. */
    @Test
    void aSearchThatTakesTooLongIsARefusal() {
        List<QuotaRule> rules = new ArrayList<>();
        Map<String, String> all = new HashMap<>();
        for (int rule = 1; rule <= 16; rule++) {
            String name = Attributes.CUSTOM + "kind-" + rule;
            all.put(name, "yes");
            rules.add(overlapping("rule-" + rule, name, 99));
        }
        StreamQuota roomy = new StreamQuota("roomy", 100, rules, WhenFull.REFUSE, List.of(), Reclaim.NONE);
        int[] counts = new int[17];
        Random chance = new Random(1);
        for (int i = 0; i < 96; i++) {
            Map<String, String> some = new HashMap<>();
            for (int rule = 1; rule <= 16; rule++) {
                if (chance.nextInt(10) < 4) {
                    some.put(Attributes.CUSTOM + "kind-" + rule, "yes");
                    counts[rule]++;
                }
            }
            session = session.acquire(
                            new StreamRequest(new StreamId("s" + i), new Attributes(some)), roomy, LEASE, NOON)
                    .next();
        }
        for (int rule = 1; rule <= 16; rule++) {
            rules.set(rule - 1, overlapping("rule-" + rule, Attributes.CUSTOM + "kind-" + rule, counts[rule] / 2));
        }
        StreamQuota tight = new StreamQuota("tight", 100, rules, WhenFull.END_OLDEST, List.of(), Reclaim.NONE);

        Step<AcquireOutcome> step =
                session.acquire(new StreamRequest(new StreamId("new"), new Attributes(all)), tight, LEASE, NOON);

        assertInstanceOf(AcquireOutcome.Refused.class, step.outcome());
        assertSame(session, step.next());
    }

    @Test
    void manyStreamsOfTwoDevicesEndForAThird() {
        StreamQuota two = new StreamQuota(
                "two-devices",
                100,
                List.of(new QuotaRule(
                        "two-devices", 2, List.of(), Optional.empty(), Optional.of(Attributes.DEVICE_ID), false)),
                WhenFull.END_OLDEST,
                List.of(),
                Reclaim.NONE);
        for (int i = 0; i < 98; i++) {
            Attributes device = new Attributes(Map.of(Attributes.DEVICE_ID, "d" + i % 2));
            session = session.acquire(new StreamRequest(new StreamId("s" + i), device), two, LEASE, NOON)
                    .next();
        }

        Step<AcquireOutcome> step = session.acquire(
                new StreamRequest(new StreamId("new"), new Attributes(Map.of(Attributes.DEVICE_ID, "d2"))),
                two,
                LEASE,
                NOON.plusSeconds(1));

        AcquireOutcome.Admitted admitted = assertInstanceOf(AcquireOutcome.Admitted.class, step.outcome());
        assertEquals(49, admitted.ended().size());
        assertEquals("s0", admitted.ended().get(0).id().value());
    }

    private static QuotaRule overlapping(String name, String attribute, int limit) {
        return new QuotaRule(
                name,
                limit,
                List.of(new QuotaRule.Condition(attribute, Set.of("yes"))),
                Optional.empty(),
                Optional.empty(),
                false);
    }

    @Test
    void aStreamLooksDeadWhenTheNextSavedHeartbeatIsOverdueByOne() {
        acquire("a", NOON);
        Stream stream = list(NOON).get(0);

        // A heartbeat is early until 15 s: the one at 30 s is saved.
        assertFalse(stream.looksDead(LEASE, NOON.plusSeconds(60)));
        assertTrue(stream.looksDead(LEASE, NOON.plusSeconds(60).plusNanos(1)));
        // Until 105 s: the one at 120 s is saved.
        Lease six = new Lease(Duration.ofSeconds(180), Duration.ofSeconds(30));
        Stream slow = new Stream(stream.id(), Attributes.NONE, NOON, NOON, NOON.plusSeconds(180));
        assertFalse(slow.looksDead(six, NOON.plusSeconds(150)));
        assertTrue(slow.looksDead(six, NOON.plusSeconds(150).plusNanos(1)));
    }

    @Test
    void aStoppedStreamIsNotGivenBackWhileItsEndIsRemembered() {
        acquire("tv", NOON);

        assertInstanceOf(ReleaseOutcome.Released.class, stop("tv", NOON));

        assertEquals(Optional.of(EndReason.STOPPED), lost("tv", NOON));
        assertInstanceOf(AcquireOutcome.Lost.class, acquire("tv", NOON.plusSeconds(599)));
        assertInstanceOf(AcquireOutcome.Lost.class, continueWithoutPlan("tv", NOON.plusSeconds(599)));
        assertInstanceOf(AcquireOutcome.Admitted.class, acquire("tv", NOON.plus(EndedStream.MIN_MEMORY)));
    }

    @Test
    void aStreamThatItsPlayerReleasedMayStartAgainAtOnce() {
        acquire("tv", NOON);
        release("tv", NOON);

        assertInstanceOf(AcquireOutcome.Admitted.class, acquire("tv", NOON));
    }

    @Test
    void whatIsStoppedAfterItEndedByItselfIsNotGivenBackEither() {
        acquire("released", NOON);
        release("released", NOON);
        acquire("expired", NOON);
        Instant later = NOON.plusSeconds(100);

        stop("released", later);
        stop("expired", later);

        assertInstanceOf(AcquireOutcome.Lost.class, acquire("released", later));
        assertInstanceOf(AcquireOutcome.Lost.class, acquire("expired", later));
        assertInstanceOf(AcquireOutcome.Lost.class, acquire("released", later.plusSeconds(599)));
        Session before = session;
        stop("expired", later.plusSeconds(1));
        assertSame(before, session, "stopping twice changes nothing");
    }

    @Test
    void whatIsStoppedAfterAnotherTookItsPlaceStaysReplaced() {
        acquire("phone", NOON);
        session = session.acquire(
                        new StreamRequest(new StreamId("tv"), Attributes.NONE, Set.of(new StreamId("phone"))),
                        THREE,
                        LEASE,
                        NOON)
                .next();

        stop("phone", NOON);

        assertEquals(Optional.of(EndReason.REPLACED), lost("phone", NOON));
    }

    @Test
    void aStartThatAnEndOvertookIsRefusedForAMinute() {
        assertInstanceOf(ReleaseOutcome.NotHeld.class, release("late", NOON));

        AcquireOutcome.Lost lost = assertInstanceOf(
                AcquireOutcome.Lost.class, acquire("late", NOON.plusSeconds(60).minusNanos(1)));

        assertEquals(EndReason.RELEASED, lost.end().reason());
        assertInstanceOf(AcquireOutcome.Lost.class, continueWithoutPlan("late", NOON.plusSeconds(1)));
        assertEquals(NOON.plusSeconds(60), session.lapsesAt());
        assertInstanceOf(AcquireOutcome.Admitted.class, acquire("late", NOON.plusSeconds(60)));
    }

    @Test
    void aStartThatAStopOvertookIsStopped() {
        stop("late", NOON);

        assertEquals(Optional.of(EndReason.STOPPED), lost("late", NOON));
        assertInstanceOf(AcquireOutcome.Lost.class, acquire("late", NOON.plusSeconds(59)));
        assertInstanceOf(AcquireOutcome.Admitted.class, acquire("late", NOON.plusSeconds(60)));
    }

    @Test
    void endingTwiceWhatIsNotHeldChangesNothingTheSecondTime() {
        release("late", NOON);
        Session before = session;

        release("late", NOON.plusSeconds(30));

        assertSame(before, session);
    }

    @Test
    void endsBeforeAStartPushOutTheOldestOfTheirKindAndNoOther() {
        acquire("phone", NOON);
        session = session.acquire(
                        new StreamRequest(new StreamId("tv"), Attributes.NONE, Set.of(new StreamId("phone"))),
                        THREE,
                        LEASE,
                        NOON)
                .next();
        for (int i = 0; i < Session.MAX_ENDED; i++) {
            acquire("own" + i, NOON);
            release("own" + i, NOON);
        }
        for (int i = 0; i < 100; i++) {
            release("flood" + i, NOON.plusMillis(i));
        }

        Instant later = NOON.plusSeconds(1);
        assertEquals(
                1 + Session.MAX_ENDED + Session.MAX_ENDED_BEFORE_START,
                session.ended().size());
        assertEquals(Optional.of(EndReason.REPLACED), lost("phone", later));
        assertEquals(Optional.of(EndReason.RELEASED), lost("own0", later));
        assertEquals(Optional.empty(), lost("flood95", later));
        assertInstanceOf(AcquireOutcome.Lost.class, acquire("flood96", later));
    }

    @Test
    void aKeyThatComesBackWithAnotherRequestChangesNothing() {
        keyed("film", "first", NOON);
        Session before = session;

        assertInstanceOf(AcquireOutcome.KeyReused.class, keyed("series", "second", NOON.plusSeconds(80)));
        assertSame(before, session);

        change("series", NOON.plusSeconds(80));
        before = session;
        assertInstanceOf(AcquireOutcome.KeyReused.class, keyed("series", "second", NOON.plusSeconds(81)));
        assertSame(before, session, "also when the stream has become what the other request asks for");
    }

    @Test
    void aKeyThatComesBackWithTheFirstRequestRenewsAndChangesNothingElse() {
        keyed("film", "first", NOON);
        change("series", NOON);

        AcquireOutcome.Renewed renewed =
                assertInstanceOf(AcquireOutcome.Renewed.class, keyed("film", "first", NOON.plusSeconds(80)));

        assertEquals(about("series"), renewed.stream().attributes(), "a late retry does not undo what came after it");
        assertEquals(NOON.plusSeconds(170), renewed.stream().expiresAt());
    }

    @Test
    void aKeyThatComesBackWithNothingIsARetry() {
        keyed("film", "first", NOON);
        StreamRequest nothing = new StreamRequest(
                new StreamId("keyed"), Attributes.NONE, Set.of(), Optional.of(new Fingerprint("none")));

        assertInstanceOf(
                AcquireOutcome.Renewed.class,
                session.acquire(nothing, THREE, LEASE, NOON).outcome());
    }

    @Test
    void aKeyIsKeptWithTheEndOfItsStreamForAsLongAsThatIsRemembered() {
        keyed("film", "first", NOON);
        release("keyed", NOON);

        assertInstanceOf(AcquireOutcome.KeyReused.class, keyed("series", "second", NOON.plusSeconds(599)));
        change("series", NOON);
        assertInstanceOf(
                AcquireOutcome.KeyReused.class,
                keyed("series", "second", NOON),
                "also when the stream has started again without its key");
        release("keyed", NOON);
        assertInstanceOf(AcquireOutcome.Admitted.class, keyed("film", "first", NOON));
        release("keyed", NOON);
        assertInstanceOf(AcquireOutcome.Admitted.class, keyed("series", "second", NOON.plusSeconds(600)));
    }

    @Test
    void anExpiredStreamIsKnownBeforeAnythingElseHappens() {
        acquire("a", NOON);

        assertEquals(Optional.of(EndReason.EXPIRED), lost("a", NOON.plusSeconds(90)));
    }

    @Test
    void endsStandInTheOrderOfTheirTimes() {
        acquire("renewed", NOON);
        acquire("b", NOON.plusSeconds(10));
        renew("renewed", NOON.plusSeconds(60));
        acquire("c", NOON.plusSeconds(160));

        assertEquals(
                List.of("b", "renewed"),
                session.ended().stream().map(end -> end.id().value()).toList());
    }

    @Test
    void aStreamThatStartsAgainHasNoEndLeft() {
        acquire("a", NOON);
        release("a", NOON);
        acquire("a", NOON);

        assertEquals(List.of(), session.ended());
    }

    @Test
    void aHundredEndsByAnotherPlayerAreRememberedBesidesAllOthers() {
        acquire("released", NOON);
        release("released", NOON);
        stop("before-start", NOON);
        for (int i = 0; i < 102; i++) {
            acquire("s" + i, NOON.plusMillis(i));
            stop("s" + i, NOON.plusMillis(i));
        }

        Instant later = NOON.plusSeconds(1);
        assertEquals(102, session.ended().size());
        assertEquals(Optional.empty(), lost("s1", later));
        assertEquals(Optional.of(EndReason.STOPPED), lost("s2", later));
        assertEquals(Optional.of(EndReason.RELEASED), lost("released", later));
        assertEquals(Optional.of(EndReason.STOPPED), lost("before-start", later));
    }

    @Test
    void aRepeatedRequestIsAHeartbeatAndAnEarlyOneChangesNothing() {
        change("film", NOON);
        Session before = session;

        change("film", NOON.plusSeconds(15));
        assertSame(before, session);
        acquire("keyed", NOON.plusSeconds(60));
        assertEquals(about("film"), session.streams().get(0).attributes(), "a request without attributes keeps them");
        acquire("other", NOON);
        StreamRequest replacing =
                new StreamRequest(new StreamId("keyed"), Attributes.NONE, Set.of(new StreamId("other")));
        assertEquals(
                about("film"),
                session.acquire(replacing, THREE, LEASE, NOON)
                        .next()
                        .streams()
                        .get(0)
                        .attributes());
    }

    @Test
    void aStreamThatChangesItsDeviceDoesNotCountBesidesItself() {
        StreamQuota oneDevice = new StreamQuota(
                "one-device",
                3,
                List.of(new QuotaRule(
                        "one-device", 1, List.of(), Optional.empty(), Optional.of(Attributes.DEVICE_ID), false)),
                WhenFull.END_OLDEST,
                List.of(),
                Reclaim.NONE);
        StreamRequest onTv = new StreamRequest(new StreamId("a"), new Attributes(Map.of(Attributes.DEVICE_ID, "tv")));
        StreamRequest onPhone =
                new StreamRequest(new StreamId("a"), new Attributes(Map.of(Attributes.DEVICE_ID, "phone")));
        session = session.acquire(onTv, oneDevice, LEASE, NOON).next();

        AcquireOutcome.Renewed moved = assertInstanceOf(
                AcquireOutcome.Renewed.class,
                session.acquire(onPhone, oneDevice, LEASE, NOON).outcome());

        assertEquals(List.of(), moved.ended());
    }

    @Test
    void aDeviceThatAlreadyCountsEndsOnlyTheStreamsOfTheOthers() {
        StreamQuota oneDevice = new StreamQuota(
                "one-device",
                9,
                List.of(new QuotaRule(
                        "one-device", 1, List.of(), Optional.empty(), Optional.of(Attributes.DEVICE_ID), false)),
                WhenFull.END_OLDEST,
                List.of(),
                Reclaim.NONE);
        for (String device : List.of("tv", "phone")) {
            Attributes attributes = new Attributes(Map.of(Attributes.DEVICE_ID, device));
            session = session.acquire(new StreamRequest(new StreamId(device), attributes), THREE, LEASE, NOON)
                    .next();
        }

        AcquireOutcome.Admitted second = assertInstanceOf(
                AcquireOutcome.Admitted.class,
                session.acquire(
                                new StreamRequest(
                                        new StreamId("b"), new Attributes(Map.of(Attributes.DEVICE_ID, "tv"))),
                                oneDevice,
                                LEASE,
                                NOON)
                        .outcome());

        assertEquals(
                List.of("phone"),
                second.ended().stream().map(end -> end.id().value()).toList());
    }

    @Test
    void aReplacedStreamLeavesNoPlaceUnderALoweredLimit() {
        acquire("a", NOON);
        acquire("b", NOON);
        StreamRequest replacing = new StreamRequest(new StreamId("c"), Attributes.NONE, Set.of(new StreamId("a")));

        Step<AcquireOutcome> step = session.acquire(replacing, new StreamQuota("one", 1), LEASE, NOON);

        assertInstanceOf(AcquireOutcome.Refused.class, step.outcome());
        assertSame(session, step.next());
    }

    @Test
    void withoutAPlanALiveStreamIsRenewedAndNoOtherStarts() {
        acquire("a", NOON);
        acquire("b", NOON);

        Step<AcquireOutcome> renewed = session.continueWithoutPlan(
                new StreamRequest(new StreamId("a"), Attributes.NONE), LEASE, NOON.plusSeconds(60));
        Step<AcquireOutcome> none = session.continueWithoutPlan(
                new StreamRequest(new StreamId("c"), Attributes.NONE), LEASE, NOON.plusSeconds(60));

        Stream stream = renewed.next().streams().get(0);
        assertEquals(NOON.plusSeconds(150), stream.expiresAt());
        assertEquals(new AcquireOutcome.Renewed(stream, 2, List.of(), NOON.plusSeconds(60)), renewed.outcome());
        assertEquals(new AcquireOutcome.NoPlan(NOON.plusSeconds(60)), none.outcome());
        assertSame(session, none.next());
    }

    @Test
    void withoutAPlanAStreamThatItsPlayerReleasedDoesNotStartAgain() {
        acquire("a", NOON);
        release("a", NOON);

        assertEquals(new AcquireOutcome.NoPlan(NOON), continueWithoutPlan("a", NOON));
    }

    @Test
    void aLongLeaseIsRememberedForAsLongAsItLasted() {
        Lease hour = new Lease(Duration.ofHours(1), Duration.ofSeconds(30));
        session = session.acquire(new StreamRequest(new StreamId("a"), Attributes.NONE), THREE, hour, NOON)
                .next();
        stop("a", NOON);

        assertEquals(NOON.plus(Duration.ofHours(1)), session.lapsesAt());
        assertEquals(
                Optional.of(EndReason.STOPPED),
                lost("a", NOON.plus(Duration.ofHours(1)).minusNanos(1)));
        assertEquals(Optional.empty(), lost("a", NOON.plus(Duration.ofHours(1))));
    }

    @Test
    void aSessionMattersAtLeastUntilItsLastChange() {
        assertEquals(NOON, new Session(List.of(), List.of(), NOON).lapsesAt());
    }

    @Test
    void aKeyThatComesBackWithAnotherRequestChangesNothingWithoutAPlanToo() {
        keyed("film", "first", NOON);
        StreamRequest other = new StreamRequest(
                new StreamId("keyed"), about("series"), Set.of(), Optional.of(new Fingerprint("second")));

        Step<AcquireOutcome> step = session.continueWithoutPlan(other, LEASE, NOON.plusSeconds(80));

        assertInstanceOf(AcquireOutcome.KeyReused.class, step.outcome());
        assertSame(session, step.next());
        release("keyed", NOON.plusSeconds(80));
        assertInstanceOf(
                AcquireOutcome.KeyReused.class,
                session.continueWithoutPlan(other, LEASE, NOON.plusSeconds(80)).outcome());
    }

    private AcquireOutcome keyed(String asset, String fingerprint, Instant now) {
        Step<AcquireOutcome> step = session.acquire(
                new StreamRequest(
                        new StreamId("keyed"), about(asset), Set.of(), Optional.of(new Fingerprint(fingerprint))),
                THREE,
                LEASE,
                now);
        session = step.next();
        return step.outcome();
    }

    /** By its id, as a PUT does. */
    private void change(String asset, Instant now) {
        session = session.acquire(new StreamRequest(new StreamId("keyed"), about(asset)), THREE, LEASE, now)
                .next();
    }

    private static Attributes about(String asset) {
        return new Attributes(Map.of(Attributes.ASSET_ID, asset));
    }

    private AcquireOutcome acquire(String id, Instant now) {
        Step<AcquireOutcome> step =
                session.acquire(new StreamRequest(new StreamId(id), Attributes.NONE), THREE, LEASE, now);
        session = step.next();
        return step.outcome();
    }

    private RenewOutcome renew(String id, Instant now) {
        Step<RenewOutcome> step = session.renew(new StreamId(id), LEASE, now);
        session = step.next();
        return step.outcome();
    }

    private ReleaseOutcome release(String id, Instant now) {
        Step<ReleaseOutcome> step = session.release(new StreamId(id), now);
        session = step.next();
        return step.outcome();
    }

    private ReleaseOutcome stop(String id, Instant now) {
        Step<ReleaseOutcome> step = session.stop(new StreamId(id), now);
        session = step.next();
        return step.outcome();
    }

    private AcquireOutcome continueWithoutPlan(String id, Instant now) {
        return session.continueWithoutPlan(new StreamRequest(new StreamId(id), Attributes.NONE), LEASE, now)
                .outcome();
    }

    private Optional<EndReason> lost(String id, Instant now) {
        return assertInstanceOf(RenewOutcome.Lost.class, renew(id, now)).end().map(EndedStream::reason);
    }

    private List<Stream> list(Instant now) {
        return session.list(now).outcome().streams();
    }
}
