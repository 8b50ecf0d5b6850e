package io.thezone.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.domain.QuotaRule.Condition;
import io.thezone.domain.Seeds.Draw;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NextRoomTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Lease LEASE = new Lease(Duration.ofSeconds(90), Duration.ofSeconds(30));

    @Test
    void whereAStreamIsOneTooManyTheFirstLapseMakesRoom() {
        Session session = session(stream("a", 50), stream("b", 40), stream("c", 60));

        assertEquals(at(40), nextRoom(session, new StreamQuota("three", 3), request("d")));
    }

    @Test
    void underALimitThatWasLoweredEnoughMustLapse() {
        Session session = session(stream("a", 50), stream("b", 40), stream("c", 60));

        assertEquals(at(50), nextRoom(session, new StreamQuota("two", 2), request("d")));
        assertEquals(at(60), nextRoom(session, new StreamQuota("one", 1), request("d")));
    }

    @Test
    void whereDevicesCountAllStreamsOfOneMustLapse() {
        StreamQuota two =
                plan(100, WhenFull.REFUSE, rule("devices", 2, Optional.empty(), Optional.of(Attributes.DEVICE_ID)));
        Session session = session(
                stream("a", 10, Attributes.DEVICE_ID, "d1"),
                stream("b", 50, Attributes.DEVICE_ID, "d1"),
                stream("c", 40, Attributes.DEVICE_ID, "d2"),
                stream("d", 30, Attributes.DEVICE_ID, "d2"));

        assertEquals(at(40), nextRoom(session, two, request("e", Attributes.DEVICE_ID, "d3")));
    }

    @Test
    void allRulesMustHaveRoom() {
        StreamQuota plan = plan(
                3,
                WhenFull.REFUSE,
                rule("once-per-asset", 1, Optional.of(Attributes.ASSET_ID), Optional.empty()),
                rule("devices", 2, Optional.empty(), Optional.of(Attributes.DEVICE_ID)));
        Session session = session(
                stream("a", 10, Attributes.ASSET_ID, "m1", Attributes.DEVICE_ID, "d1"),
                stream("b", 50, Attributes.ASSET_ID, "m2", Attributes.DEVICE_ID, "d1"),
                stream("c", 70, Attributes.ASSET_ID, "m3", Attributes.DEVICE_ID, "d2"));

        assertEquals(
                at(50),
                nextRoom(session, plan, request("d", Attributes.ASSET_ID, "m2", Attributes.DEVICE_ID, "d2")),
                "the total has room from 10 s on");
    }

    @Test
    void whereTheRuleAdmitsNoneNoLapseHelps() {
        StreamQuota none = plan(3, WhenFull.REFUSE, rule("none", 0, Optional.empty(), Optional.empty()));

        assertEquals(Optional.empty(), nextRoom(session(stream("a", 10)), none, request("b")));
    }

    @Test
    void streamsThatThePlanWouldEndNeedNotExpire() {
        StreamQuota tvFirst = new StreamQuota(
                "tv-first", 2, List.of(), WhenFull.END_LOWER_PRIORITY, List.of("tv", "tablet"), Reclaim.NONE);
        Session session = session(
                stream("a", 50, Attributes.DEVICE_TYPE, "tv"),
                stream("b", 40, Attributes.DEVICE_TYPE, "tv"),
                stream("c", 60, Attributes.DEVICE_TYPE, "phone"));

        assertEquals(at(40), nextRoom(session, tvFirst, request("d", Attributes.DEVICE_TYPE, "tablet")));
    }

    @Test
    void aPlayerThatContinuesItsStreamWaitsForTheOthersOnly() {
        StreamQuota one =
                plan(1, WhenFull.REFUSE, rule("once-per-asset", 1, Optional.of(Attributes.ASSET_ID), Optional.empty()));
        Session session = session(
                stream("a", 10, Attributes.ASSET_ID, "m1"),
                stream("b", 30, Attributes.ASSET_ID, "m2"),
                stream("c", 50, Attributes.ASSET_ID, "m3"));

        assertEquals(at(30), nextRoom(session, one, request("a", Attributes.ASSET_ID, "m2")));
    }

    /** The same request, asked again at each lapse: granted at the one that was named, and at none before. */
    @Test
    void theMomentIsTheFirstAtWhichTheSameRequestIsGranted() {
        AtomicInteger refused = new AtomicInteger();
        Seeds.check(20_000, draw -> {
            StreamQuota quota = quota(draw);
            Session session = household(draw);
            StreamRequest request = new StreamRequest(new StreamId("s" + draw.between(0, 8)), about(draw));
            if (decide(session, quota, request, NOON) instanceof AcquireOutcome.Refused refusal) {
                refused.incrementAndGet();
                Optional<Instant> first = firstGranted(session, quota, request);
                Optional<Instant> named = refusal.nextRoom().at();
                if (reclaimed(session, quota, request) > 1) {
                    assertTrue(named.isEmpty() || !named.get().isBefore(first.orElseThrow()));
                } else {
                    assertEquals(first, named);
                }
            }
        });
        assertTrue(refused.get() > 5_000, "refused " + refused);
    }

    /** With more than one, which no player leaves behind, the moment may be named too late. */
    private static long reclaimed(Session session, StreamQuota quota, StreamRequest request) {
        return session.streams().stream()
                .filter(stream -> quota.reclaims(stream, request.attributes()))
                .count();
    }

    private static Optional<Instant> firstGranted(Session session, StreamQuota quota, StreamRequest request) {
        return session.streams().stream()
                .filter(stream -> !stream.id().equals(request.id()))
                .map(Stream::expiresAt)
                .sorted()
                .filter(lapse -> !(decide(watchedOn(session, request.id()), quota, request, lapse)
                        instanceof AcquireOutcome.Refused))
                .findFirst();
    }

    /** Returns the session as if the player of that stream went on sending heartbeats. */
    private static Session watchedOn(Session session, StreamId id) {
        return new Session(
                session.streams().stream()
                        .map(it -> it.id().equals(id)
                                ? new Stream(id, it.attributes(), NOON, NOON, NOON.plusSeconds(1_000))
                                : it)
                        .toList(),
                List.of(),
                NOON);
    }

    private static AcquireOutcome decide(Session session, StreamQuota quota, StreamRequest request, Instant now) {
        return session.acquire(request, quota, LEASE, now).outcome();
    }

    private static StreamQuota quota(Draw draw) {
        int rules = draw.between(0, 3);
        WhenFull whenFull =
                draw.oneOf(WhenFull.REFUSE, WhenFull.REFUSE, WhenFull.END_OLDEST, WhenFull.END_LOWER_PRIORITY);
        return new StreamQuota(
                "plan",
                draw.between(1, 5),
                IntStream.range(0, rules).mapToObj(i -> rule("rule-" + i, draw)).toList(),
                whenFull,
                whenFull == WhenFull.END_LOWER_PRIORITY ? List.of("tv", "phone") : List.of(),
                draw.oneOf(Reclaim.values()));
    }

    private static QuotaRule rule(String name, Draw draw) {
        List<Condition> where = draw.chance(0.5)
                ? List.of()
                : List.of(new Condition(Attributes.DEVICE_TYPE, Set.copyOf(List.of(type(draw), type(draw)))));
        return new QuotaRule(
                name,
                draw.between(0, 2),
                where,
                draw.maybe(0.5, () -> Attributes.ASSET_ID),
                draw.maybe(0.5, () -> Attributes.DEVICE_ID),
                false);
    }

    private static Session household(Draw draw) {
        int count = draw.between(0, 7);
        List<Stream> streams = IntStream.range(0, count)
                .mapToObj(i -> new Stream(
                        new StreamId("s" + i), about(draw), NOON, NOON, NOON.plusSeconds(draw.between(1, 9))))
                .toList();
        return new Session(streams, List.of(), NOON);
    }

    private static Attributes about(Draw draw) {
        return attributes(
                Attributes.DEVICE_ID,
                "d" + draw.between(1, 3),
                Attributes.DEVICE_TYPE,
                type(draw),
                Attributes.ASSET_ID,
                "m" + draw.between(1, 3));
    }

    private static String type(Draw draw) {
        return draw.oneOf("tv", "phone", "tablet");
    }

    private static Optional<Instant> nextRoom(Session session, StreamQuota quota, StreamRequest request) {
        return assertInstanceOf(AcquireOutcome.Refused.class, decide(session, quota, request, NOON))
                .nextRoom()
                .at();
    }

    private static Optional<Instant> at(int seconds) {
        return Optional.of(NOON.plusSeconds(seconds));
    }

    private static Session session(Stream... streams) {
        return new Session(List.of(streams), List.of(), NOON);
    }

    private static Stream stream(String id, int seconds, String... attributes) {
        return new Stream(new StreamId(id), attributes(attributes), NOON, NOON, NOON.plusSeconds(seconds));
    }

    private static StreamRequest request(String id, String... attributes) {
        return new StreamRequest(new StreamId(id), attributes(attributes));
    }

    private static Attributes attributes(String... pairs) {
        Map<String, String> values = new HashMap<>();
        for (int i = 0; i < pairs.length; i += 2) {
            values.put(pairs[i], pairs[i + 1]);
        }
        return new Attributes(values);
    }

    private static StreamQuota plan(int limit, WhenFull whenFull, QuotaRule... rules) {
        return new StreamQuota("plan", limit, List.of(rules), whenFull, List.of(), Reclaim.NONE);
    }

    private static QuotaRule rule(String name, int limit, Optional<String> per, Optional<String> distinct) {
        return new QuotaRule(name, limit, List.of(), per, distinct, false);
    }
}
