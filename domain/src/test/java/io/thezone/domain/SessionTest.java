package io.thezone.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
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
    void aRefusalSaysWhenTheFirstStreamLapses() {
        acquire("a", NOON);
        acquire("b", NOON.plusSeconds(10));
        acquire("c", NOON.plusSeconds(20));

        AcquireOutcome.Refused refused =
                assertInstanceOf(AcquireOutcome.Refused.class, acquire("d", NOON.plusSeconds(30)));

        assertEquals(Optional.of(NOON.plusSeconds(90)), refused.rule().retryAt());
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
    void anEarlyBeatChangesNothing() {
        acquire("a", NOON);

        Step<RenewOutcome> early = session.renew(new StreamId("a"), LEASE, NOON.plusSeconds(15));

        assertSame(session, early.next());
        assertEquals(
                NOON.plusSeconds(90),
                assertInstanceOf(RenewOutcome.Renewed.class, early.outcome()).stream()
                        .expiresAt());
    }

    @Test
    void aBeatWithLessThanTwoAndAHalfHeartbeatsLeftRenews() {
        acquire("a", NOON);

        RenewOutcome.Renewed beat = assertInstanceOf(
                RenewOutcome.Renewed.class, renew("a", NOON.plusSeconds(15).plusMillis(1)));

        assertEquals(NOON.plusSeconds(105).plusMillis(1), beat.stream().expiresAt());
    }

    @Test
    void aStreamLivesUntilTheMomentItExpires() {
        acquire("a", NOON);

        assertEquals(1, list(NOON.plusSeconds(90).minusNanos(1)).size());
        assertEquals(0, list(NOON.plusSeconds(90)).size());
    }

    @Test
    void anExpiredStreamFreesItsSlotAndIsToldWhy() {
        acquire("a", NOON);
        acquire("b", NOON);
        acquire("c", NOON);

        assertInstanceOf(AcquireOutcome.Admitted.class, acquire("d", NOON.plusSeconds(90)));
        assertEquals(Optional.of(EndReason.EXPIRED), lost("a", NOON.plusSeconds(91)));
    }

    @Test
    void aReleasedStreamFreesItsSlotAndIsToldWhy() {
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

        Step<RenewOutcome> beat = session.renew(new StreamId("a"), shorter, NOON.plusSeconds(45));

        assertEquals(
                NOON.plusSeconds(90),
                assertInstanceOf(RenewOutcome.Renewed.class, beat.outcome()).stream()
                        .expiresAt());
    }

    @Test
    void aSessionMattersUntilItsLastEndIsForgotten() {
        acquire("a", NOON);

        assertEquals(NOON.plusSeconds(90).plus(EndedStream.MIN_MEMORY), session.lapsesAt());
        assertTrue(Session.EMPTY.lapsesAt().isBefore(NOON));
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

    private Optional<EndReason> lost(String id, Instant now) {
        return assertInstanceOf(RenewOutcome.Lost.class, renew(id, now)).end().map(EndedStream::reason);
    }

    private java.util.List<Stream> list(Instant now) {
        return session.list(now).outcome().streams();
    }
}
