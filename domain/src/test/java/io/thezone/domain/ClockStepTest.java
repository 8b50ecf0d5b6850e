package io.thezone.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** The store's clock steps forward and back again. */
class ClockStepTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Instant ONE = NOON.plus(Duration.ofHours(1));
    private static final Lease LEASE = new Lease(Duration.ofSeconds(90), Duration.ofSeconds(30));
    private static final StreamQuota ONE_STREAM = new StreamQuota("one", 1);
    private static final StreamId TV = new StreamId("tv");

    @Test
    void aStreamThatWasSeenInTheFutureLivesForItsLeaseFromWhenThatIsNoticed() {
        Session ahead = acquire(Session.EMPTY, "tv", ONE);

        Session noticed = ahead.asOf(NOON);

        assertEquals(List.of(new Stream(TV, Attributes.NONE, NOON, NOON, NOON.plusSeconds(90))), noticed.streams());
        assertEquals(NOON, noticed.changedAt());
        assertSame(noticed, noticed.asOf(NOON.plusSeconds(60)), "it is noticed once, and not granted again");
        assertInstanceOf(
                AcquireOutcome.Admitted.class,
                noticed.acquire(request("phone"), ONE_STREAM, LEASE, NOON.plusSeconds(90))
                        .outcome());
    }

    @Test
    void aStreamThatWasSeenBeforeTheStepKeepsItsLease() {
        Lease day = new Lease(Duration.ofHours(24), Duration.ofSeconds(30));
        Session session = Session.EMPTY
                .acquire(request("tv"), new StreamQuota("two", 2), day, NOON)
                .next();
        Session ahead = session.acquire(request("phone"), new StreamQuota("two", 2), LEASE, ONE)
                .next();

        Session noticed = ahead.asOf(NOON.plusSeconds(10));

        assertEquals(ahead.streams().get(0), noticed.streams().get(0));
        assertEquals(NOON.plusSeconds(100), noticed.streams().get(1).expiresAt());
    }

    @Test
    void anEndInTheFutureIsRememberedForAsLongAsOne() {
        Session ahead =
                acquire(Session.EMPTY, "tv", ONE).stop(TV, ONE.plusSeconds(1)).next();

        Session noticed = ahead.asOf(NOON);

        EndedStream end = noticed.findEnd(TV, NOON).orElseThrow();
        assertEquals(EndReason.STOPPED, end.reason());
        assertEquals(NOON, end.endedAt());
        assertEquals(Optional.empty(), noticed.findEnd(TV, NOON.plus(EndedStream.MIN_MEMORY)));
        assertEquals(NOON.plus(EndedStream.MIN_MEMORY), noticed.lapsesAt());
    }

    @Test
    void aLittleSkewIsNoStep() {
        Session session = acquire(Session.EMPTY, "tv", NOON);

        assertSame(session, session.asOf(NOON.minus(Session.MAX_SKEW)));
        assertNotSame(session, session.asOf(NOON.minus(Session.MAX_SKEW).minusNanos(1)));
    }

    /** Whatever the steps, as long as the clock is never slower than the truth when a stream is seen. */
    @Test
    void noStreamDiesBeforeItsLeaseByTheTrueClockAndNoneLivesOnForEver() {
        Seeds.check(1_000, draw -> {
            Session session = Session.EMPTY;
            Map<StreamId, Instant> promised = new HashMap<>();
            Instant truth = NOON;
            Duration ahead = Duration.ZERO;
            for (int i = 0; i < 40; i++) {
                truth = truth.plusSeconds(draw.between(0, 39));
                boolean stepsForward = ahead.isZero() && draw.chance(0.2);
                boolean stepsBack = !ahead.isZero() && draw.chance(0.33);
                if (stepsForward) {
                    ahead = Duration.ofSeconds(draw.between(0, 7_200));
                    promised.clear(); // a step forward ends leases early, as ever
                } else if (stepsBack) {
                    ahead = Duration.ZERO;
                }
                Instant observed = truth.plus(ahead);
                Session current = session.asOf(observed);
                Instant now = current.changedAt().isAfter(observed) ? current.changedAt() : observed;
                StreamId id = new StreamId("s" + draw.between(1, 4));
                Step<AcquireOutcome> step =
                        current.acquire(new StreamRequest(id, Attributes.NONE), new StreamQuota("two", 2), LEASE, now);
                session = step.next();
                if (step.outcome() instanceof AcquireOutcome.Admitted) {
                    promised.put(id, truth.plus(LEASE.duration()));
                }
                Instant moment = truth;
                promised.values().removeIf(until -> !moment.isBefore(until));
                for (StreamId alive : promised.keySet()) {
                    assertTrue(session.find(alive, now).isPresent(), alive + " died early");
                }
            }
            Instant later = truth.plus(LEASE.duration()).plus(Session.MAX_SKEW);
            if (ahead.isZero()) {
                assertFalse(session.asOf(later).streams().stream().anyMatch(it -> it.livesAt(later)));
            }
        });
    }

    private static Session acquire(Session session, String id, Instant now) {
        return session.acquire(request(id), ONE_STREAM, LEASE, now).next();
    }

    private static StreamRequest request(String id) {
        return new StreamRequest(new StreamId(id), Attributes.NONE);
    }
}
