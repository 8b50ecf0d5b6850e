package io.thezone.persistence.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.application.OverloadedException;
import io.thezone.application.SessionTransition;
import io.thezone.application.StoreUnavailableException;
import io.thezone.domain.Session;
import io.thezone.domain.Step;
import io.thezone.persistence.spi.FailureLog;
import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.TimeLimits;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A writer that works off its queue in the thread of the test, with no other thread to help it. */
class WriterTest {
    private static final Duration TOO_LONG = TimeLimits.QUEUE.plusNanos(1);
    private static final SessionKey KEY = new SessionKey(1, 2);

    private final HeldStore store = new HeldStore();
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final AtomicInteger runs = new AtomicInteger();

    @Test
    void whatWaitedForMoreThanASecondIsTurnedAwayUndecidedByTheWriter() {
        Writer writer = writer(10, Runnable::run);
        PendingUpdate<Integer> old = offer(writer, 0);
        pass(TOO_LONG);
        PendingUpdate<Integer> young = offer(writer, 0);
        workOff(writer);

        assertFailed(OverloadedException.class, old);
        assertEquals(1, young.answer.join(), "the first decision");
        assertEquals(List.of(Set.of(KEY)), store.loads, "what wakes the writer at its end is not decided");
    }

    @Test
    void whatWaitedForMoreThanASecondIsTurnedAwayUndecidedWhileTheWriterIsBusy() {
        Writer writer = writer(10, Runnable::run);
        PendingUpdate<Integer> old = offer(writer, 0);
        pass(TOO_LONG);
        PendingUpdate<Integer> young = offer(writer, 0);
        writer.answerLate();

        assertFailed(OverloadedException.class, old);
        assertFalse(young.answer.isDone());
        workOff(writer);
        assertTrue(young.answer.isDone());
        assertFailed(OverloadedException.class, old);
    }

    @Test
    void whatIsPostponedForMoreThanASecondIsTurnedAway() {
        Writer writer = writer(10, Runnable::run);
        PendingUpdate<Integer> costly = offer(writer, Step.MAX_COST);
        PendingUpdate<Integer> postponed = offer(writer, Step.MAX_COST);
        store.beforeLoad = () -> pass(TOO_LONG);
        workOff(writer);

        assertTrue(costly.answer.isDone());
        assertFailed(OverloadedException.class, postponed);
    }

    @ParameterizedTest
    @CsvSource({"5000, 2", "4999, 1"})
    void aSessionWhoseSearchesTookHalfOfWhatOneMayTakeHasUsedUpItsShare(int cost, int rounds) {
        Writer writer = writer(10, Runnable::run);
        offer(writer, cost);
        PendingUpdate<Integer> next = offer(writer, 0);
        workOff(writer);

        assertTrue(next.answer.isDone());
        assertEquals(rounds, store.loads.size());
    }

    @Test
    void aSessionThatLosesEveryRaceIsGivenUpOnceItsTimeIsUp() {
        Writer writer = writer(10, Runnable::run);
        PendingUpdate<Integer> update = offer(
                writer, (session, now) -> new Step<>(new Session(List.of(), List.of(), now), runs.incrementAndGet()));
        store.beforeSave = () -> {
            store.put(KEY, SessionFormat.NEWEST, "{}");
            pass(Duration.ofSeconds(1));
            writer.answerLate();
        };
        workOff(writer);

        assertFailed(StoreUnavailableException.class, update);
        assertEquals(2, store.saves.size());
    }

    @Test
    void aBatchHasRoomForAsManyPostponedUpdatesAsForNewOnes() {
        Writer writer = writer(2, Runnable::run);
        List<PendingUpdate<Integer>> updates = IntStream.range(0, 6)
                .mapToObj(i -> offer(writer, Step.MAX_COST))
                .toList();
        workOff(writer);

        assertEquals(
                List.of(false, false, false, false, false, true),
                updates.stream()
                        .map(update -> update.answer.isCompletedExceptionally())
                        .toList());
        assertFailed(OverloadedException.class, updates.get(5));
    }

    @Test
    void anErrorFailsWhatWasPostponedToItsBatch() {
        Writer writer = writer(10, Runnable::run);
        PendingUpdate<Integer> costly = offer(writer, Step.MAX_COST);
        PendingUpdate<Integer> postponed = offer(writer, (session, now) -> {
            throw new StackOverflowError("in a decision");
        });
        workOff(writer);

        assertTrue(costly.answer.isDone());
        assertFailed(StoreUnavailableException.class, postponed);
    }

    @Test
    void anErrorWhileOneIsTurnedAwayFailsAllThatWereTaken() {
        Writer writer = writer(10, task -> {
            throw new OutOfMemoryError("unable to create native thread");
        });
        PendingUpdate<Integer> old = offer(writer, 0);
        pass(TOO_LONG);
        PendingUpdate<Integer> young = offer(writer, 0);
        workOff(writer);

        assertFailed(StoreUnavailableException.class, old);
        assertFailed(StoreUnavailableException.class, young);
    }

    private Writer writer(int maxBatch, Executor answering) {
        CacheUse cacheUse = new CacheUse(nanos::get);
        EngineParts parts = new EngineParts(
                nanos::get,
                () -> SessionFormat.NEWEST,
                new ObservedStore(store, nanos::get, cacheUse),
                SessionCache.NONE,
                cacheUse,
                new FailureLog("the cache"),
                new SessionFailureLog(nanos::get));
        return new Writer(new GroupCommitConfiguration(1, 100, maxBatch, 100), answering, parts);
    }

    /** An update that changes nothing, and is answered with the number of decisions so far. */
    private PendingUpdate<Integer> offer(Writer writer, int cost) {
        return offer(writer, (session, now) -> new Step<>(session, runs.incrementAndGet(), cost));
    }

    private PendingUpdate<Integer> offer(Writer writer, SessionTransition<Integer> transition) {
        PendingUpdate<Integer> update = new PendingUpdate<>(KEY, transition, nanos.get());
        assertTrue(writer.offer(update));
        return update;
    }

    private void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    private static void workOff(Writer writer) {
        writer.finish();
        writer.run();
        assertFalse(writer.isAlive());
    }

    private static void assertFailed(Class<? extends RuntimeException> type, PendingUpdate<?> update) {
        assertTrue(update.answer.isDone());
        assertInstanceOf(
                type,
                assertThrows(CompletionException.class, update.answer::join).getCause());
    }
}
