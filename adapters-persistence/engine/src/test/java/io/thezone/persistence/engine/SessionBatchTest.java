package io.thezone.persistence.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.application.StoreUnavailableException;
import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.Session;
import io.thezone.domain.SessionId;
import io.thezone.domain.Step;
import io.thezone.persistence.spi.RejectedDataException;
import io.thezone.persistence.spi.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What a batch decides on, what it decides again, and which of its sessions fail alone. */
class SessionBatchTest extends EngineUnderTest {
    private static final GroupCommitConfiguration ONE_WRITER = new GroupCommitConfiguration(1, 1_000, 100, 100);
    private static final GroupCommitConfiguration NO_MEMORY = new GroupCommitConfiguration(1, 1_000, 100, 0);
    private static final String ONE_FAILED =
            "a session fails alone, 1 requests since this was last logged; the last in the row with key %s:"
                    + " java.lang.IllegalArgumentException: %s";

    private final LogLines log = new LogLines(SessionFailureLog.class);

    @AfterEach
    void stopListening() {
        log.close();
    }

    @Test
    void aSessionThatTheStoreCannotHoldFailsAloneAndIsNamedInTheLog() throws Exception {
        start(ONE_WRITER);
        store.unholdable.add(key("session7"));
        List<CompletableFuture<AcquireOutcome>> answers = acquireTwentyInOneBatch();
        for (int i = 0; i < answers.size(); i++) {
            if (i == 7) {
                failure(RejectedDataException.class, answers.get(i));
            } else {
                admitted(answers.get(i));
            }
        }
        assertEquals(1 + 20, runs.get(), "no other session is decided again");
        assertEquals(List.of(ONE_FAILED.formatted(key("session7").uuid(), "a damaged block")), log.get());
        assertEquals(new SaveCounts(20, 0), engine().recentSaves(), "rejected data is no failure of the store");
    }

    @Test
    void aSessionThatTheStoreCannotReadFailsAloneAndIsNamedInTheLog() throws Exception {
        start(ONE_WRITER);
        for (int i = 0; i < 20; i++) {
            store.put(key("session" + i), SessionFormat.NEWEST, "{}");
        }
        store.unreadable.add(key("session7"));
        List<CompletableFuture<AcquireOutcome>> answers = acquireTwentyInOneBatch();
        for (int i = 0; i < answers.size(); i++) {
            if (i == 7) {
                failure(StoreUnavailableException.class, answers.get(i));
            } else {
                admitted(answers.get(i));
            }
        }
        assertEquals(
                List.of(1, 20, 19),
                store.saves.stream().map(List::size).toList(),
                "they are taken for new, and then loaded and saved together");
        assertEquals(List.of(ONE_FAILED.formatted(key("session7").uuid(), "a damaged block")), log.get());
    }

    @Test
    void aSessionThatThisVersionCannotReadFailsAloneAndStaysAsItIs() throws Exception {
        start(ONE_WRITER);
        StoredSession newer = store.put(key("session7"), 99, "{}");
        List<CompletableFuture<AcquireOutcome>> answers = acquireTwentyInOneBatch();
        for (int i = 0; i < answers.size(); i++) {
            if (i == 7) {
                failure(StoreUnavailableException.class, answers.get(i));
            } else {
                admitted(answers.get(i));
            }
        }
        assertEquals(newer, store.get(key("session7")));
    }

    @Test
    void aSessionThatAnotherNodeChangedIsLoadedAndDecidedAgain() throws Exception {
        start(ONE_WRITER);
        admitted(acquire("session", "one"));
        StoredSession alone = stored("session");
        admitted(acquire("session", "two"));
        StoredSession both = store.put(key("session"), alone.format(), alone.document());
        int ran = runs.get();
        assertEquals(2, admitted(acquire("session", "three")).active());
        assertEquals(ran + 2, runs.get());
        assertTrue(stored("session").version() > both.version());
    }

    @Test
    void aSessionThatIsChangedBetweenLoadAndSaveIsDecidedUntilItsSaveSucceeds() throws Exception {
        start(ONE_WRITER);
        admitted(acquire("session", "one"));
        StoredSession stored = stored("session");
        AtomicInteger rivals = new AtomicInteger();
        store.beforeSave = () -> {
            if (rivals.incrementAndGet() <= 3) {
                store.put(key("session"), stored.format(), stored.document());
            }
        };
        int ran = runs.get();
        assertEquals(2, admitted(acquire("session", "two")).active());
        assertEquals(ran + 4, runs.get());
    }

    @Test
    void aSaveThatFailsOnceIsDecidedAgainOnALoad() throws Exception {
        start(ONE_WRITER);
        admitted(acquire("session", "one"));
        AtomicInteger failures = new AtomicInteger();
        store.beforeSave = () -> {
            if (failures.incrementAndGet() == 1) {
                throw new IllegalStateException("the connection broke");
            }
        };
        int loads = store.loads.size();
        assertEquals(2, admitted(acquire("session", "two")).active());
        assertEquals(loads + 1, store.loads.size());
        assertEquals(new SaveCounts(2, 0), engine().recentSaves());
    }

    @Test
    void aTransitionThatThrowsFailsItsUpdateAndNoOtherOfItsSession() throws Exception {
        start(ONE_WRITER);
        CompletableFuture<AcquireOutcome> first = occupyTheWriter();
        CompletableFuture<AcquireOutcome> one = acquire("session", "one");
        CompletableFuture<Object> broken = engine().update(new SessionId("session"), (session, now) -> {
                    throw new IllegalArgumentException("a broken transition");
                })
                .toCompletableFuture();
        CompletableFuture<AcquireOutcome> two = acquire("session", "two");
        store.release();
        admitted(first);
        assertEquals(1, admitted(one).active());
        failure(IllegalArgumentException.class, broken);
        assertEquals(2, admitted(two).active());
    }

    @Test
    void aRememberedSessionThatTheStoreNoLongerHoldsIsBegunAnew() throws Exception {
        start(ONE_WRITER);
        admitted(acquire("session", "one"));
        store.remove(key("session"));
        assertEquals(1, admitted(acquire("session", "two")).active());
    }

    @Test
    void aSessionThatALoadDidNotFindIsTakenForNew() throws Exception {
        start(ONE_WRITER);
        admitted(acquire("session", "one"));
        store.remove(key("session"));
        list("session");
        int loads = store.loads.size();
        int saves = store.saves.size();
        assertEquals(1, admitted(acquire("session", "two")).active());
        assertEquals(loads, store.loads.size());
        assertEquals(saves + 1, store.saves.size());
    }

    @Test
    void aSessionThatWasLoadedIsRemembered() throws Exception {
        start(ONE_WRITER);
        store.put(key("session"), SessionFormat.NEWEST, "{}");
        list("session");
        int loads = store.loads.size();
        assertEquals(1, admitted(acquire("session", "one")).active());
        assertEquals(loads, store.loads.size());
        assertEquals(1, store.saves.size());
    }

    @Test
    void loadsOfARememberedSessionTakeNoRoomFromOthers() throws Exception {
        start(new GroupCommitConfiguration(1, 1_000, 100, 2));
        admitted(acquire("session", "one"));
        admitted(acquire("looked-at", "one"));
        for (int i = 0; i < 10; i++) {
            list("looked-at");
        }
        int loads = store.loads.size();
        assertEquals(2, admitted(acquire("session", "two")).active());
        assertEquals(loads, store.loads.size());
    }

    @Test
    void aChangeThatCannotBeWrittenFailsItsSessionAlone() throws Exception {
        start(ONE_WRITER);
        CompletableFuture<AcquireOutcome> first = occupyTheWriter();
        CompletableFuture<String> broken = engine().update(
                        new SessionId("session"),
                        (session, now) -> new Step<>(new Session(List.of(), List.of(), Instant.MAX), "never"))
                .toCompletableFuture();
        CompletableFuture<AcquireOutcome> neighbour = acquire("neighbour", "one");
        store.release();
        admitted(first);
        failure(StoreUnavailableException.class, broken);
        admitted(neighbour);
        assertNull(store.get(key("session")));
    }

    @Test
    void aCacheThatHasNoCopiesIsAskedByOneBatchInSeventeen() throws Exception {
        MapCache cache = new MapCache();
        cache.beforeRead = () -> pass(Duration.ofMillis(1));
        start(NO_MEMORY, cache, Runnable::run);
        assertTrue(engine().usesCache());
        list("absent");
        for (int i = 0; i < 50; i++) {
            list("absent");
        }
        assertEquals(Collections.nCopies(50, List.of(key("absent"))), List.copyOf(cache.reads));
        assertFalse(engine().usesCache());
        for (int i = 0; i < 34; i++) {
            list("absent");
        }
        assertEquals(52, cache.reads.size());
    }

    @Test
    void aCacheIsAskedByEveryBatchWhileDecisionsOnItsCopiesSpareLoads() throws Exception {
        MapCache cache = new MapCache();
        cache.beforeRead = () -> pass(Duration.ofMillis(1));
        store.beforeLoad = () -> pass(Duration.ofMillis(20));
        start(NO_MEMORY, cache, Runnable::run);
        cache.copies.put(key("session"), store.put(key("session"), SessionFormat.NEWEST, "{\"at\":1}"));
        list("session");
        int loads = store.loads.size();
        for (int i = 0; i < 60; i++) {
            change("session");
        }
        assertEquals(loads, store.loads.size());
        assertEquals(60, cache.reads.size());
        assertTrue(engine().usesCache());

        for (int i = 0; i < 30; i++) {
            list("session");
        }
        assertFalse(engine().usesCache(), "a list is loaded even where there is a copy");
    }

    @Test
    void aCopyThatTheStoreHasLostIsDropped() throws Exception {
        MapCache cache = new MapCache();
        start(NO_MEMORY, cache, Runnable::run);
        list("other");
        cache.copies.put(key("session"), store.put(key("session"), SessionFormat.NEWEST, "{}"));
        list("session");
        assertEquals(Set.of(key("session")), cache.copies.keySet());
        store.remove(key("session"));
        list("session");
        assertEquals(Set.of(), cache.copies.keySet());
    }

    @Test
    void anEngineWithoutACacheUsesNone() {
        start(NO_MEMORY);
        assertFalse(engine().usesCache());
    }

    /** Changes nothing, and is therefore decided on a load. */
    private void list(String session) throws Exception {
        answer(engine().update(new SessionId(session), (current, now) -> new Step<>(current, current)));
    }

    /** Changes a session that is stored. */
    private void change(String session) throws Exception {
        answer(engine().update(
                        new SessionId(session),
                        (current, now) -> new Step<>(
                                current.equals(Session.EMPTY) ? current : new Session(List.of(), List.of(), now),
                                current)));
    }

    private List<CompletableFuture<AcquireOutcome>> acquireTwentyInOneBatch() throws Exception {
        CompletableFuture<AcquireOutcome> first = occupyTheWriter();
        List<CompletableFuture<AcquireOutcome>> answers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            answers.add(acquire("session" + i, "one"));
        }
        store.release();
        admitted(first);
        return answers;
    }

    private StoredSession stored(String session) {
        StoredSession stored = store.get(key(session));
        if (stored == null) {
            throw new AssertionError("the store does not hold " + session);
        }
        return stored;
    }
}
