package io.thezone.persistence.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.ActiveStreams;
import io.thezone.domain.Session;
import io.thezone.domain.SessionId;
import io.thezone.domain.StreamQuota;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** The store's clock steps an hour forward and back. */
class ClockStepTest extends EngineUnderTest {
    private static final GroupCommitConfiguration ONE_WRITER = new GroupCommitConfiguration(1, 1_000, 100, 100);
    private static final Duration STEP = Duration.ofHours(1);
    private static final StreamQuota ONE = new StreamQuota("one", 1);

    @Test
    void aSessionThatChangedMeanwhileIsFreeAgainALeaseAfterThatIsNoticed() throws Exception {
        start(ONE_WRITER);
        store.now = store.now.plus(STEP);
        admitted(acquire("session", "tv", ONE));
        int saves = store.saves.size();
        stepBack();

        assertInstanceOf(AcquireOutcome.Refused.class, answer("phone"));
        assertEquals(saves + 1, store.saves.size(), "a refusal saves what it noticed");
        Instant noticed = store.now;
        for (int i = 0; i < 5; i++) {
            later(Duration.ofSeconds(10));
            assertEquals(1, list().streams().size());
            assertEquals(noticed.plusSeconds(60), list().streams().get(0).expiresAt());
        }
        assertEquals(saves + 1, store.saves.size(), "and is not noticed again");
        later(Duration.ofSeconds(10));

        assertInstanceOf(AcquireOutcome.Admitted.class, answer("phone"));
    }

    @Test
    void aSessionThatIsOnlyLookedAtIsNoticedToo() throws Exception {
        start(ONE_WRITER);
        store.now = store.now.plus(STEP);
        admitted(acquire("session", "tv", ONE));
        stepBack();

        assertEquals(store.now.plusSeconds(60), list().streams().get(0).expiresAt());
        later(Duration.ofSeconds(60));

        assertEquals(0, list().streams().size());
    }

    private void stepBack() {
        store.now = store.now.minus(STEP);
        pass(Duration.ofSeconds(6)); // past which the store's time is asked for
    }

    private void later(Duration time) {
        store.now = store.now.plus(time);
        pass(time);
    }

    private AcquireOutcome answer(String stream) throws Exception {
        return answer(acquire("session", stream, ONE));
    }

    private ActiveStreams list() throws Exception {
        return answer(engine().update(new SessionId("session"), Session::list));
    }
}
