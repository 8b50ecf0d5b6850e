package io.thezone.persistence.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.application.OverloadedException;
import io.thezone.application.StoreUnavailableException;
import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.SessionId;
import io.thezone.domain.Step;
import io.thezone.persistence.spi.FailureLog;
import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.TimeLimits;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** What nobody expects to fail fails: every update is answered, and the threads live on. */
class GroupCommitDefectsTest extends EngineUnderTest {
    private static final GroupCommitConfiguration ONE_WRITER = new GroupCommitConfiguration(1, 1_000, 100, 100);

    @Test
    void anErrorOfTheStoreFailsItsBatchAndNoOther() throws Exception {
        start(ONE_WRITER);
        store.errors.add(new StackOverflowError("in a load"));
        failure(StoreUnavailableException.class, acquire("session", "one"));
        assertEquals(1, admitted(acquire("session", "two")).active());

        int loads = store.loads.size();
        store.errors.add(new OutOfMemoryError("in a save"));
        failure(StoreUnavailableException.class, acquire("session", "three"));
        assertEquals(loads, store.loads.size(), "it was the save that failed");
        assertEquals(2, admitted(acquire("session", "four")).active());
        assertTrue(engine().isRunning());
    }

    @Test
    void whetherSomethingMayHaveBeenSavedIsSaid() throws Exception {
        start(ONE_WRITER);
        store.failing = true;
        assertFalse(failure(StoreUnavailableException.class, acquire("session", "one"))
                .mayHaveSaved());
        store.failing = false;
        admitted(acquire("session", "one"));

        store.failing = true;
        assertTrue(failure(StoreUnavailableException.class, acquire("session", "two"))
                .mayHaveSaved());
        assertEquals(new SaveCounts(1, 0), engine().recentSaves(), "it was the load that failed at last");
        store.failing = false;
        admitted(acquire("session", "two"));
    }

    @Test
    void aSaveThatTheStoreSurelyDidNotTakeChangedNothingAndIsCountedAndLogged() throws Exception {
        start(ONE_WRITER);
        try (LogLines log = new LogLines(FailureLog.class)) {
            store.takesNothing = true;
            assertFalse(failure(StoreUnavailableException.class, acquire("session", "one"))
                    .mayHaveSaved());
            assertEquals(new SaveCounts(0, 1), engine().recentSaves());
            store.takesNothing = false;
            admitted(acquire("session", "one"));
            assertEquals(
                    List.of(
                            "saving to the store fails: io.thezone.persistence.spi.NotSavedException: there is no room",
                            "saving to the store works again"),
                    log.get());
        }
    }

    @Test
    void whatWasSavedIsAnsweredWhereTheExecutorTakesNoMore() throws Exception {
        start(ONE_WRITER, SessionCache.NONE, failing(new RejectedExecutionException("its queue is full")));
        assertEquals(1, admitted(acquire("session", "one")).active());
        assertEquals(2, admitted(acquire("session", "two")).active());
        assertEquals(2, store.saves.size());
    }

    @Test
    void whatIsGivenUpIsAnsweredWhereTheExecutorTakesNoMore() throws Exception {
        start(ONE_WRITER, SessionCache.NONE, failing(new OutOfMemoryError("unable to create native thread")));
        CompletableFuture<AcquireOutcome> inFlight = occupyTheWriter();
        CompletableFuture<AcquireOutcome> waiting = acquire("session", "one");
        pass(TimeLimits.QUEUE.plusMillis(1));
        failure(OverloadedException.class, waiting);
        pass(Duration.ofSeconds(1));
        failure(StoreUnavailableException.class, inFlight);
    }

    @Test
    void anEngineRunsFromItsStartToItsStopWhileItHasAllItsWriters() throws Exception {
        GroupCommitConfiguration twoWriters = new GroupCommitConfiguration(2, 1_000, 100, 100);
        start(twoWriters);
        assertTrue(engine().isRunning());
        engine().stop();
        assertFalse(engine().isRunning());

        start(twoWriters);
        engine().update(new SessionId("session"), (session, now) -> {
            Thread.currentThread().interrupt();
            return new Step<>(session, session);
        });
        eventually(() -> !engine().isRunning());
    }

    private static Executor failing(Throwable cause) {
        return task -> {
            if (cause instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) cause;
        };
    }
}
