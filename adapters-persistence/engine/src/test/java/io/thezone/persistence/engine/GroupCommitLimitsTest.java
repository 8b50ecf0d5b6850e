package io.thezone.persistence.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.application.OverloadedException;
import io.thezone.application.StoreUnavailableException;
import io.thezone.domain.AcquireOutcome;
import io.thezone.persistence.spi.TimeLimits;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** No queue without bound, no answer without a time limit, no stop that loses what was accepted. */
class GroupCommitLimitsTest extends EngineUnderTest {
    private static final Duration TICK = Duration.ofNanos(1);

    @Test
    void whatTheQueueCannotHoldIsTurnedAwayUndecided() throws Exception {
        start(new GroupCommitConfiguration(1, 2, 10, 100));
        List<CompletableFuture<AcquireOutcome>> accepted = new ArrayList<>();
        accepted.add(occupyTheWriter());
        accepted.add(acquire("session", "one"));
        accepted.add(acquire("session", "two"));
        CompletableFuture<AcquireOutcome> tooMuch = acquire("session", "three");
        assertTrue(tooMuch.isDone());
        assertEquals(
                "too many requests are waiting already",
                failure(OverloadedException.class, tooMuch).getMessage());
        store.release();
        for (CompletableFuture<AcquireOutcome> answer : accepted) {
            admitted(answer);
        }
        assertEquals(3, runs.get());
        assertEquals(3, admitted(acquire("session", "three")).active());
    }

    @Test
    void anUpdateThatWaitedForMoreThanASecondIsDroppedUndecidedWhileTheStoreStillHangs() throws Exception {
        start(new GroupCommitConfiguration(1, 10, 10, 100));
        CompletableFuture<AcquireOutcome> first = occupyTheWriter();
        CompletableFuture<AcquireOutcome> waiting = acquire("session", "one");
        pass(Duration.ofMillis(500));
        CompletableFuture<AcquireOutcome> younger = acquire("session", "two");
        assertEquals(Duration.ofMillis(500), engine().longestWait());
        pass(TimeLimits.QUEUE.minusMillis(500).plus(TICK));
        failure(OverloadedException.class, waiting);
        assertFalse(first.isDone() || younger.isDone());
        store.release();
        admitted(first);
        assertEquals(1, admitted(younger).active());
        assertEquals(2, runs.get());
    }

    @Test
    void anUpdateThatWaitedForASecondIsStillDecided() throws Exception {
        start(new GroupCommitConfiguration(1, 10, 10, 100));
        CompletableFuture<AcquireOutcome> first = occupyTheWriter();
        CompletableFuture<AcquireOutcome> waiting = acquire("session", "one");
        pass(TimeLimits.QUEUE);
        store.release();
        admitted(first);
        admitted(waiting);
    }

    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void anUpdateInFlightForMoreThanItsTimeFailsAndItsLateAnswerDoesNoHarm(boolean hangsAtLoad) throws Exception {
        start(new GroupCommitConfiguration(1, 10, 10, 100));
        if (hangsAtLoad) {
            store.holdLoads();
        } else {
            store.holdSaves();
        }
        CompletableFuture<AcquireOutcome> hanging = acquire("session", "one");
        eventually(() -> hangsAtLoad ? !store.loads.isEmpty() : !store.saves.isEmpty());
        pass(TimeLimits.ANSWER);
        CompletableFuture<AcquireOutcome> waiting = acquire("session", "two");
        assertFalse(hanging.isDone());
        pass(TICK);
        failure(StoreUnavailableException.class, hanging);
        store.release();
        assertEquals(2, admitted(waiting).active(), "the late save was made");
        failure(StoreUnavailableException.class, hanging);
    }

    @Test
    void whatWasAcceptedIsAnsweredBeforeAStopAndWhatComesLaterIsRefused() throws Exception {
        start(new GroupCommitConfiguration(1, 10_000, 3, 100));
        List<CompletableFuture<AcquireOutcome>> accepted = new ArrayList<>();
        accepted.add(occupyTheWriter());
        for (int i = 0; i < 10; i++) {
            accepted.add(acquire("session" + i, "one"));
        }
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try {
            Future<?> stop = executor.submit(() -> {
                engine().stop();
                return null;
            });
            eventually(() -> isRefused(acquire("late", "one")));
            assertFalse(accepted.get(10).isDone());
            store.release();
            stop.get(LIMIT_SECONDS, TimeUnit.SECONDS);
        } finally {
            executor.shutdownNow();
        }
        for (CompletableFuture<AcquireOutcome> answer : accepted) {
            assertTrue(answer.isDone());
            admitted(answer);
        }
        assertEquals(
                "this node is not taking requests",
                failure(OverloadedException.class, acquire("late", "one")).getMessage());
    }

    @Test
    void theThreadsOfAnEngineKeepNoProcessAliveAndEndWithItQuietly() throws Exception {
        start(new GroupCommitConfiguration(2, 10, 10, 100));
        admitted(acquire("session", "one"));
        Set<Thread> threads = Thread.getAllStackTraces().keySet();
        List<Thread> own = threads.stream()
                .filter(thread -> thread.getName().startsWith("session-"))
                .toList();
        assertTrue(own.size() >= 3 && own.stream().allMatch(Thread::isDaemon));
        try (LogLines log = new LogLines(Writer.class)) {
            engine().stop();
            assertEquals(List.of(), log.get());
        }
        eventually(() -> own.stream().noneMatch(Thread::isAlive));
    }

    @Test
    void everyUpdateThatRacesAStopIsEitherSavedAndAnsweredOrRefused() throws Exception {
        start(new GroupCommitConfiguration(2, 1_000, 10, 100));
        ConcurrentLinkedQueue<CompletableFuture<AcquireOutcome>> answers = new ConcurrentLinkedQueue<>();
        ExecutorService executor = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> clients = new ArrayList<>();
            for (int thread = 0; thread < 4; thread++) {
                String name = "s" + thread + "-";
                clients.add(executor.submit(() -> {
                    CompletableFuture<AcquireOutcome> answer;
                    int i = 0;
                    do {
                        answer = acquire(name + i++, "one");
                        answers.add(answer);
                        answer.handle((outcome, failure) -> failure).join();
                    } while (!answer.isCompletedExceptionally());
                }));
            }
            eventually(() -> answers.size() > 100);
            engine().stop();
            for (Future<?> client : clients) {
                client.get(LIMIT_SECONDS, TimeUnit.SECONDS);
            }
        } finally {
            executor.shutdownNow();
        }
        int admitted = 0;
        for (CompletableFuture<AcquireOutcome> answer : answers) {
            if (answer.isCompletedExceptionally()) {
                failure(OverloadedException.class, answer);
            } else {
                admitted(answer);
                admitted++;
            }
        }
        assertEquals(admitted, store.saves.stream().mapToInt(List::size).sum());
    }

    private static boolean isRefused(CompletableFuture<AcquireOutcome> answer) {
        return answer.isCompletedExceptionally();
    }
}
