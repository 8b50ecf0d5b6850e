package io.thezone.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Each outcome is matched by the function of its own case, which gets that outcome. */
class OutcomesTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Stream STREAM =
            new Stream(new StreamId("tv"), Attributes.NONE, NOON, NOON, NOON.plusSeconds(90));
    private static final EndedStream END = EndedStream.of(STREAM, EndReason.STOPPED, NOON);
    private static final ExhaustedRule TOTAL = new ExhaustedRule(StreamQuota.TOTAL, 1, 1, List.of(STREAM));
    private static final NextRoom NEXT_ROOM =
            new NextRoom(new StreamQuota("one", 1), Attributes.NONE, List.of(STREAM), Optional.empty(), Instant.MIN);

    @Test
    void aGrantIsNewOrRenewed() {
        AcquireOutcome.Admitted admitted = new AcquireOutcome.Admitted(STREAM, 1, List.of(), NOON);
        AcquireOutcome.Renewed renewed = new AcquireOutcome.Renewed(STREAM, 1, List.of(), NOON);

        assertEquals("admitted " + admitted, matched(admitted));
        assertEquals("renewed " + renewed, matched(renewed));
    }

    @Test
    void aDenialHasOneOfFiveReasons() {
        AcquireOutcome.Refused refused = new AcquireOutcome.Refused(TOTAL, NEXT_ROOM, NOON);
        AcquireOutcome.Lost lost = new AcquireOutcome.Lost(END, Optional.empty(), NOON);
        AcquireOutcome.NoPlan noPlan = new AcquireOutcome.NoPlan(NOON);
        AcquireOutcome.KeyReused keyReused = new AcquireOutcome.KeyReused(NOON);
        AcquireOutcome.Incomplete incomplete =
                new AcquireOutcome.Incomplete(new MissingAttribute("rule", Attributes.PROFILE), NOON);

        assertEquals("denied, refused " + refused, matched(refused));
        assertEquals("denied, lost " + lost, matched(lost));
        assertEquals("denied, no plan " + noPlan, matched(noPlan));
        assertEquals("denied, key reused " + keyReused, matched(keyReused));
        assertEquals("denied, incomplete " + incomplete, matched(incomplete));
    }

    @Test
    void aHeartbeatRenewsOrFindsItsStreamLost() {
        RenewOutcome.Renewed renewed = new RenewOutcome.Renewed(STREAM, 1, NOON);
        RenewOutcome.Lost lost = new RenewOutcome.Lost(STREAM.id(), Optional.of(END), NOON);

        assertEquals("renewed " + renewed, renewed.match(it -> "renewed " + it, it -> "lost " + it));
        assertEquals("lost " + lost, lost.match(it -> "renewed " + it, it -> "lost " + it));
    }

    @Test
    void aReleaseEndsAStreamOrFindsNone() {
        ReleaseOutcome.Released released = new ReleaseOutcome.Released(STREAM);
        ReleaseOutcome.NotHeld notHeld = new ReleaseOutcome.NotHeld(STREAM.id());

        assertEquals("released " + released, released.match(it -> "released " + it, it -> "not held " + it));
        assertEquals("not held " + notHeld, notHeld.match(it -> "released " + it, it -> "not held " + it));
    }

    private static String matched(AcquireOutcome outcome) {
        return outcome.match(
                it -> "admitted " + it,
                it -> "renewed " + it,
                denied -> "denied, "
                        + denied.match(
                                it -> "refused " + it,
                                it -> "lost " + it,
                                it -> "no plan " + it,
                                it -> "key reused " + it,
                                it -> "incomplete " + it));
    }
}
