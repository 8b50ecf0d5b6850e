package io.thezone.persistence.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.thezone.application.StoreUnavailableException;
import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.SessionId;
import io.thezone.domain.Stream;
import io.thezone.domain.StreamId;
import io.thezone.domain.StreamQuota;
import io.thezone.persistence.spi.FailureLog;
import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.SessionSave;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** How updates become batches, and batches answers. */
class GroupCommitTest extends EngineUnderTest {
    private static final GroupCommitConfiguration ONE_WRITER = new GroupCommitConfiguration(1, 1_000, 100, 100);

    @Test
    void racingUpdatesOfOneSessionFoldIntoOneSave() throws Exception {
        start(ONE_WRITER);
        CompletableFuture<AcquireOutcome> first = occupyTheWriter();
        List<CompletableFuture<AcquireOutcome>> answers =
                IntStream.range(0, 20).mapToObj(i -> acquire("hot", "s" + i)).toList();
        store.release();
        admitted(first);
        for (int i = 0; i < answers.size(); i++) {
            assertEquals(i + 1, admitted(answers.get(i)).active());
        }
        assertEquals(List.of(List.of(key("occupying")), List.of(key("hot"))), savedKeys());
    }

    @Test
    void whatGathersWhileABatchIsOnItsWayBecomesOneBatchInTheOrderOfTheKeys() throws Exception {
        start(ONE_WRITER);
        CompletableFuture<AcquireOutcome> first = occupyTheWriter();
        List<CompletableFuture<AcquireOutcome>> answers = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            answers.add(acquire("session" + i, "one"));
        }
        store.release();
        admitted(first);
        for (CompletableFuture<AcquireOutcome> answer : answers) {
            admitted(answer);
        }
        List<SessionKey> sorted = IntStream.range(0, 30)
                .mapToObj(i -> key("session" + i))
                .sorted()
                .toList();
        assertEquals(
                List.of(Set.of(key("occupying"))), store.loads, "sessions of which nothing is known are taken for new");
        assertEquals(List.of(List.of(key("occupying")), sorted), savedKeys());
    }

    @Test
    void aBatchTakesNoMoreThanItsSettingSays() throws Exception {
        start(new GroupCommitConfiguration(1, 1_000, 10, 100));
        CompletableFuture<AcquireOutcome> first = occupyTheWriter();
        CompletableFuture<AcquireOutcome> last = new CompletableFuture<>();
        for (int i = 0; i < 25; i++) {
            last = acquire("session" + i, "one");
        }
        store.release();
        admitted(first);
        admitted(last);
        assertEquals(List.of(1, 10, 10, 5), store.saves.stream().map(List::size).toList());
    }

    @Test
    void theUpdatesOfASessionKeepTheirOrderOverManyBatches() throws Exception {
        start(new GroupCommitConfiguration(4, 1_000, 7, 100));
        List<CompletableFuture<AcquireOutcome>> answers = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            answers.add(acquire("hot", "s" + i));
        }
        for (int i = 0; i < answers.size(); i++) {
            assertEquals(i + 1, admitted(answers.get(i)).active());
        }
        assertEquals(100, runs.get(), "no race was lost, so nothing ran twice");
    }

    @Test
    void aSessionKeepsToItsWriterAndHoldsNoOtherUp() throws Exception {
        start(new GroupCommitConfiguration(2, 1_000, 100, 100));
        String other = "other";
        for (int i = 0; writer(other) == writer("occupying"); i++) {
            other = "other" + i;
        }
        CompletableFuture<AcquireOutcome> first = occupyTheWriter();
        CompletableFuture<AcquireOutcome> second = acquire("occupying", "two");
        CompletableFuture<AcquireOutcome> elsewhere = acquire(other, "one");
        Set<SessionKey> others = Set.of(key(other));
        eventually(() -> store.loads.contains(others));
        assertEquals(List.of(Set.of(key("occupying")), others), store.loads);
        store.release();
        assertEquals(1, admitted(first).active());
        assertEquals(2, admitted(second).active());
        admitted(elsewhere);
    }

    @Test
    void aRefusalOfARememberedSessionIsConfirmedByAFreshLoadAndAnAdmissionNeedsNone() throws Exception {
        start(ONE_WRITER);
        StreamQuota two = new StreamQuota("two", 2);
        admitted(acquire("session", "one", two));
        assertEquals(1, store.loads.size());
        admitted(acquire("session", "two", two));
        assertEquals(1, store.loads.size());
        int ran = runs.get();
        assertInstanceOf(AcquireOutcome.Refused.class, answer(acquire("session", "three", two)));
        assertEquals(2, store.loads.size());
        assertEquals(ran + 2, runs.get(), "once on what is remembered, once on what the store holds");
        assertEquals(2, store.saves.size());
    }

    @Test
    void aSessionThatWasStoredAndIsNoLongerRememberedIsLoadedRatherThanTriedAsNew() throws Exception {
        start(new GroupCommitConfiguration(2, 1_000, 100, 2));
        admitted(acquire("session", "one"));
        String other = "other";
        for (int i = 0; writer(other) != writer("session"); i++) {
            other = "other" + i;
        }
        admitted(acquire(other, "one"));
        int loads = store.loads.size();
        int saves = store.saves.size();
        admitted(acquire("session", "two"));
        assertEquals(loads + 1, store.loads.size());
        assertEquals(saves + 1, store.saves.size());
    }

    @Test
    void aCacheIsAskedForWhatIsNeitherRememberedNorNewOnceTheStoresTimeIsKnown() throws Exception {
        MapCache cache = new MapCache();
        start(new GroupCommitConfiguration(1, 1_000, 100, 0), cache, Runnable::run);
        admitted(acquire("session", "one"));
        admitted(acquire("other", "two"));
        assertEquals(List.of(), List.copyOf(cache.reads), "what may be new is tried as new");
        int loads = store.loads.size();
        pass(Duration.ofSeconds(20));
        store.now = store.now.plusSeconds(20);
        heartbeat("session", "one");
        assertEquals(List.of(), List.copyOf(cache.reads), "the store's time is not known any more");
        assertEquals(loads + 1, store.loads.size());
        heartbeat("other", "two");
        assertEquals(List.of(List.of(key("other"))), List.copyOf(cache.reads));
        assertEquals(loads + 1, store.loads.size());
    }

    @Test
    void aNewSessionIsRememberedAndPublishedFromItsThirdSaveOn() throws Exception {
        MapCache cache = new MapCache();
        start(ONE_WRITER, cache, Runnable::run);
        admitted(acquire("session", "one"));
        admitted(acquire("session", "two"));
        assertEquals(Map.of(), cache.get(List.of(key("session"))));
        admitted(acquire("session", "three"));
        assertEquals(Set.of(key("session")), cache.get(List.of(key("session"))).keySet());
    }

    @Test
    void eachSaveIsInTheFormatThatIsInForceThen() throws Exception {
        start(ONE_WRITER);
        format = SessionFormat.FORMER;
        admitted(acquire("session", "one"));
        format = SessionFormat.NEWEST;
        admitted(acquire("session", "two"));
        format = SessionFormat.FORMER;
        admitted(acquire("session", "three"));
        assertEquals(
                List.of(SessionFormat.FORMER, SessionFormat.NEWEST, SessionFormat.FORMER),
                store.saves.stream().map(batch -> batch.get(0).format()).toList());
    }

    @Test
    void anEngineThatIsGivenNoFormatWritesTheNewest() throws Exception {
        start(ONE_WRITER);
        GroupCommitSessionStore plain =
                new GroupCommitSessionStore(store, SessionCache.NONE, keys, ONE_WRITER, Runnable::run);
        plain.start();
        try {
            answer(plain.update(new SessionId("session"), (session, now) -> session.stop(new StreamId("one"), now)));
        } finally {
            plain.stop();
        }
        assertEquals(SessionFormat.NEWEST, store.saves.get(0).get(0).format());
    }

    @Test
    void withoutALoadTheTimeIsTheStoresLastPlusWhatPassedSince() throws Exception {
        start(ONE_WRITER);
        Instant observed = store.now;
        admitted(acquire("session", "one"));
        pass(Duration.ofMillis(700));
        assertEquals(
                observed.plusMillis(700),
                admitted(acquire("session", "two")).stream().startedAt());
        assertEquals(observed.plusMillis(700), store.saves.get(1).get(0).decidedAt());
    }

    @Test
    void theStoresTimeIsKnownFromASaveAsFromALoad() throws Exception {
        start(ONE_WRITER);
        for (int i = 0; i < 4; i++) {
            admitted(acquire("session", "s" + i));
            pass(Duration.ofSeconds(4));
            store.now = store.now.plusSeconds(4);
        }
        assertEquals(1, store.loads.size());
    }

    @Test
    void forOneSessionTheTimeDoesNotRunBackByALittle() throws Exception {
        start(ONE_WRITER);
        Instant changed = admitted(acquire("session", "one")).stream().startedAt();
        store.now = changed.minusSeconds(4);
        pass(Duration.ofSeconds(6));
        Stream second = admitted(acquire("session", "two")).stream();
        assertEquals(changed, second.startedAt());
        assertEquals(changed.minusSeconds(4), store.saves.get(1).get(0).decidedAt());
    }

    @Test
    void aSlowReaderOfAnAnswerHoldsNoBatchUp() throws Exception {
        Queue<Runnable> unread = new ConcurrentLinkedQueue<>();
        start(ONE_WRITER, SessionCache.NONE, unread::add);
        CompletableFuture<AcquireOutcome> first = acquire("session", "one");
        eventually(() -> unread.size() == 1);
        CompletableFuture<AcquireOutcome> second = acquire("session", "two");
        eventually(() -> unread.size() == 2);
        assertFalse(first.isDone() || second.isDone());
        unread.forEach(Runnable::run);
        assertEquals(1, admitted(first).active());
        assertEquals(2, admitted(second).active());
    }

    @Test
    void aStoreThatFailsTwiceFailsTheBatchAndWorksAgainWhenItDoes() throws Exception {
        start(ONE_WRITER);
        try (LogLines log = new LogLines(FailureLog.class)) {
            store.failing = true;
            failure(StoreUnavailableException.class, acquire("session", "one"));
            assertEquals(2, store.loads.size());
            store.failing = false;
            assertEquals(1, admitted(acquire("session", "two")).active());
            assertEquals(
                    List.of(
                            "loading from the store fails: java.lang.IllegalStateException: the store is down",
                            "loading from the store works again"),
                    log.get());
        }
    }

    private int writer(String session) {
        return Math.floorMod(keys.of(new SessionId(session)).hashCode(), 2);
    }

    private List<List<SessionKey>> savedKeys() {
        return store.saves.stream()
                .map(batch -> batch.stream().map(SessionSave::key).toList())
                .toList();
    }
}
