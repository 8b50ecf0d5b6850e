package io.thezone.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When a stream may start again under an id that a gateway knows and the player did not choose. */
class RestartTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Lease LEASE = new Lease(Duration.ofSeconds(90), Duration.ofSeconds(30));
    private static final StreamQuota ONE = new StreamQuota("one", 1);
    private static final Restart KEPT_BY_THE_PLAYER = new Restart(Duration.ofSeconds(60), false);
    private static final Restart COMES_BACK = new Restart(Duration.ofSeconds(60), true);

    private Session session = Session.EMPTY;

    @Test
    void aReleasedStreamStartsAgainAfterThePause() {
        start("tv", KEPT_BY_THE_PLAYER, NOON);
        session = session.release(new StreamId("tv"), NOON).next();

        assertInstanceOf(AcquireOutcome.Lost.class, start("tv", KEPT_BY_THE_PLAYER, NOON.plusMillis(59_999)));
        assertInstanceOf(AcquireOutcome.Admitted.class, start("tv", KEPT_BY_THE_PLAYER, NOON.plusSeconds(60)));
    }

    @Test
    void aStoppedStreamStartsAgainAfterThePauseIfItsIdComesBack() {
        start("tv", COMES_BACK, NOON);
        session = session.stop(new StreamId("tv"), NOON).next();

        assertInstanceOf(AcquireOutcome.Lost.class, start("tv", COMES_BACK, NOON.plusMillis(59_999)));
        assertInstanceOf(AcquireOutcome.Lost.class, start("tv", KEPT_BY_THE_PLAYER, NOON.plusSeconds(60)));
        assertInstanceOf(AcquireOutcome.Admitted.class, start("tv", COMES_BACK, NOON.plusSeconds(60)));
    }

    @Test
    void aStreamThatWasEndedBeforeItsStartStartsAfterThePause() {
        session = session.release(new StreamId("tv"), NOON).next();

        assertInstanceOf(AcquireOutcome.Lost.class, start("tv", COMES_BACK, NOON.plusMillis(59_999)));
        assertInstanceOf(AcquireOutcome.Admitted.class, start("tv", COMES_BACK, NOON.plusSeconds(60)));
    }

    @Test
    void whoComesTooSoonLearnsWhenTheStreamMayStartAgain() {
        start("tv", KEPT_BY_THE_PLAYER, NOON);
        session = session.release(new StreamId("tv"), NOON).next();

        assertEquals(Optional.of(NOON.plusSeconds(60)), startsAgain(KEPT_BY_THE_PLAYER, NOON.plusSeconds(20)));
        assertEquals(Optional.of(NOON.plusSeconds(60)), startsAgain(COMES_BACK, NOON.plusSeconds(20)));

        session = session.stop(new StreamId("tv"), NOON.plusSeconds(30)).next();

        assertEquals(Optional.empty(), startsAgain(KEPT_BY_THE_PLAYER, NOON.plusSeconds(40)));
        assertEquals(Optional.of(NOON.plusSeconds(90)), startsAgain(COMES_BACK, NOON.plusSeconds(40)));
    }

    @Test
    void aStreamStartsAgainAtTheLatestWhenItsEndIsForgotten() {
        session = session.release(new StreamId("tv"), NOON).next();
        Restart late = new Restart(Duration.ofMinutes(10), true);

        assertEquals(Optional.of(NOON.plus(EndedStream.MEMORY_BEFORE_START)), startsAgain(late, NOON));
        assertInstanceOf(AcquireOutcome.Admitted.class, start("tv", late, NOON.plus(EndedStream.MEMORY_BEFORE_START)));
    }

    @Test
    void anExpiredStreamStartsAgainAtOnce() {
        start("tv", COMES_BACK, NOON);

        assertInstanceOf(AcquireOutcome.Admitted.class, start("tv", COMES_BACK, NOON.plusSeconds(90)));
    }

    @Test
    void withoutAPlanTheReasonIsTheEndOnlyDuringThePause() {
        start("tv", COMES_BACK, NOON);
        session = session.stop(new StreamId("tv"), NOON).next();

        assertInstanceOf(AcquireOutcome.Lost.class, continued("tv", NOON.plusMillis(59_999)));
        assertInstanceOf(AcquireOutcome.NoPlan.class, continued("tv", NOON.plusSeconds(60)));
    }

    @ParameterizedTest
    @ValueSource(longs = {-1, 600_001})
    void aPauseIsNeverLongerThanEndsAreRemembered(long millis) {
        assertEquals(
                "the pause before a restart must be 0 to 10 minutes",
                assertThrows(IllegalArgumentException.class, () -> new Restart(Duration.ofMillis(millis), true))
                        .getMessage());
    }

    @Test
    void aPauseMayBeAsLongAsEndsAreRemembered() {
        assertEquals(Duration.ofMinutes(10), new Restart(EndedStream.MIN_MEMORY, true).pause());
    }

    private AcquireOutcome start(String stream, Restart restart, Instant now) {
        Step<AcquireOutcome> step = session.acquire(request(stream, restart), ONE, LEASE, now);
        session = step.next();
        return step.outcome();
    }

    private AcquireOutcome continued(String stream, Instant now) {
        return session.continueWithoutPlan(request(stream, COMES_BACK), LEASE, now)
                .outcome();
    }

    private static StreamRequest request(String stream, Restart restart) {
        return StreamRequest.repeated(new StreamId(stream), Attributes.NONE, restart);
    }

    private Optional<Instant> startsAgain(Restart restart, Instant now) {
        return assertInstanceOf(AcquireOutcome.Lost.class, start("tv", restart, now))
                .startsAgainAt();
    }
}
