package io.thezone.persistence.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.application.SessionTransition;
import io.thezone.application.StoreUnavailableException;
import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.Attributes;
import io.thezone.domain.EndedStream;
import io.thezone.domain.RenewOutcome;
import io.thezone.domain.SessionId;
import io.thezone.domain.StreamId;
import io.thezone.domain.StreamQuota;
import io.thezone.domain.StreamRequest;
import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionSave;
import io.thezone.persistence.spi.StoredSession;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The engine over a store that keeps its rules. */
public interface EngineRules extends EngineUnderTest {
    @Test
    default void manySessionsRacedForByManyThreadsOnTwoNodesGetTheirLimitEach() throws Exception {
        List<SessionId> sessions =
                IntStream.range(0, 25).mapToObj(i -> Node.newSession()).toList();
        try (Node a = new Node(repository(), SessionCache.NONE);
                Node b = new Node(repository(), SessionCache.NONE)) {
            List<CompletableFuture<AcquireOutcome>> answers = new CopyOnWriteArrayList<>();
            Concurrently.call(8, thread -> () -> {
                List<SessionId> shuffled = new ArrayList<>(sessions);
                Collections.shuffle(shuffled, new Random(thread));
                for (SessionId session : shuffled) {
                    answers.add((thread % 2 == 0 ? a : b).acquiring(session, "s" + thread));
                }
                return thread;
            });
            assertEquals((long) sessions.size() * Node.LIMIT, EngineOverCache.admitted(answers));
            for (SessionId session : sessions) {
                assertEquals(Node.LIMIT, a.streams(session).size());
            }
        }
    }

    @Test
    default void aTransitionThatLostTheRaceRunsAgainOnWhatTheOtherSaved() {
        SessionId session = Node.newSession();
        List<Integer> seen = new CopyOnWriteArrayList<>();
        try (Node rival = new Node(repository(), SessionCache.NONE);
                Node node = new Node(
                        new TamperedStore(repository()) {
                            @Override
                            void beforeSave(int save, List<SessionSave> batch) {
                                if (save < 2) {
                                    rival.acquire(session, "rival" + save);
                                }
                            }
                        },
                        SessionCache.NONE)) {
            assertInstanceOf(
                    AcquireOutcome.Admitted.class,
                    node.updating(session, acquiring("mine", seen)).join());
            assertEquals(List.of(0, 1, 2), seen);
            assertEquals(List.of("rival0", "rival1", "mine"), node.streams(session));
        }
    }

    @Test
    default void aSaveThatBrokeAfterTheCommitIsSeenByTheTransitionThatRunsAgain() {
        SessionId session = Node.newSession();
        List<Integer> seen = new CopyOnWriteArrayList<>();
        TamperedStore forgetful = new TamperedStore(repository()) {
            @Override
            void afterSave(int save) {
                if (save == 0) {
                    throw new IllegalStateException("the connection broke after the commit");
                }
            }
        };
        try (Node node = new Node(forgetful, SessionCache.NONE)) {
            assertInstanceOf(
                    AcquireOutcome.Renewed.class,
                    node.updating(session, acquiring("mine", seen)).join());
            assertEquals(List.of(0, 1), seen);
            assertEquals(List.of("mine"), node.streams(session));
        }
    }

    @Test
    default void aSaveThatBrokeBeforeTheCommitIsMadeAgain() {
        SessionId session = Node.newSession();
        List<Integer> seen = new CopyOnWriteArrayList<>();
        TamperedStore broken = new TamperedStore(repository()) {
            @Override
            void beforeSave(int save, List<SessionSave> batch) {
                if (save == 0) {
                    throw new IllegalStateException("the connection broke before the commit");
                }
            }
        };
        try (Node node = new Node(broken, SessionCache.NONE)) {
            assertInstanceOf(
                    AcquireOutcome.Admitted.class,
                    node.updating(session, acquiring("mine", seen)).join());
            assertEquals(List.of(0, 0), seen);
            assertEquals(List.of("mine"), node.streams(session));
        }
    }

    /** Each node's connections break now before and now after the commit; clients ask again with the id that they have. */
    @Test
    default void askingAgainAfterUnknownOutcomesTakesNoSecondSlot() throws Exception {
        SessionId session = Node.newSession();
        int limit = 24;
        StreamQuota quota = new StreamQuota("some", limit);
        Concurrently.call(2, thread -> () -> {
            try (Node node = new Node(new BreakingStore(repository()), SessionCache.NONE)) {
                for (int i = thread; i < limit; i += 2) {
                    StreamRequest request = request("s" + i);
                    boolean answered;
                    do {
                        answered = isAnswered(node.updating(
                                session, (current, now) -> current.acquire(request, quota, Node.LEASE, now)));
                    } while (!answered);
                }
            }
            return thread;
        });
        try (Node node = new Node(repository(), SessionCache.NONE)) {
            assertEquals(limit, node.streams(session).size());
            assertInstanceOf(
                    AcquireOutcome.Refused.class,
                    node.updating(session, (current, now) -> current.acquire(request("more"), quota, Node.LEASE, now))
                            .join());
        }
    }

    /** The same connections, but all want the place of one stream: one player gets it, whatever its first answer was. */
    @Test
    default void aTakeOverWithUnknownOutcomesIsGrantedOnce() throws Exception {
        SessionId session = Node.newSession();
        StreamQuota one = new StreamQuota("one", 1);
        try (Node node = new Node(repository(), SessionCache.NONE)) {
            node.acquire(session, "taken");
        }

        List<List<String>> winners = Concurrently.call(2, thread -> () -> {
            List<String> granted = new ArrayList<>();
            try (Node node = new Node(new BreakingStore(repository()), SessionCache.NONE)) {
                for (int i = thread; i < 24; i += 2) {
                    StreamRequest request =
                            new StreamRequest(new StreamId("s" + i), Attributes.NONE, Set.of(new StreamId("taken")));
                    CompletableFuture<AcquireOutcome> answer;
                    do {
                        answer = node.updating(
                                session, (current, now) -> current.acquire(request, one, Node.LEASE, now));
                    } while (!isAnswered(answer));
                    if (!(answer.join() instanceof AcquireOutcome.Refused)) {
                        granted.add("s" + i);
                    }
                }
            }
            return granted;
        });

        try (Node node = new Node(repository(), SessionCache.NONE)) {
            assertEquals(
                    node.streams(session),
                    winners.stream().flatMap(List::stream).toList());
            assertEquals(1, node.streams(session).size());
            RenewOutcome.Lost lost = assertInstanceOf(RenewOutcome.Lost.class, node.renew(session, "taken"));
            assertEquals(
                    node.streams(session),
                    lost.end().flatMap(EndedStream::successor).map(it -> it.id().value()).stream()
                            .toList());
        }
    }

    @Test
    default void aTransitionThatThrowsFailsOnlyItself() {
        SessionId session = Node.newSession();
        try (Node node = new Node(repository(), SessionCache.NONE)) {
            CompletableFuture<AcquireOutcome> before = node.acquiring(session, "before");
            CompletableFuture<String> broken = node.updating(session, (current, now) -> {
                throw new UnsupportedOperationException("broken");
            });
            CompletableFuture<AcquireOutcome> after = node.acquiring(session, "after");
            assertInstanceOf(AcquireOutcome.Admitted.class, before.join());
            assertInstanceOf(AcquireOutcome.Admitted.class, after.join());
            assertInstanceOf(
                    UnsupportedOperationException.class,
                    assertThrows(CompletionException.class, broken::join).getCause());
            assertEquals(List.of("before", "after"), node.streams(session));
        }
    }

    @Test
    default void anEarlyBeatWritesNothing() {
        SessionId session = Node.newSession();
        try (Node node = new Node(repository(), SessionCache.NONE)) {
            node.acquire(session, "one");
            StoredSession before = store().held(Node.key(session));
            assertInstanceOf(RenewOutcome.Renewed.class, node.renew(session, "one"));
            assertEquals(before, store().held(Node.key(session)));
        }
    }

    @Test
    default void aBeatThatIsDueIsSavedBeforeItIsAnswered() {
        SessionId session = Node.newSession();
        try (Node node = new Node(repository(), SessionCache.NONE, Node.LEASE_OF_SAVED_HEARTBEATS)) {
            node.acquire(session, "one");
            StoredSession before = store().held(Node.key(session));
            assertInstanceOf(RenewOutcome.Renewed.class, node.renew(session, "one"));
            assertTrue(store().held(Node.key(session)).version() > before.version());
        }
    }

    private static StreamRequest request(String stream) {
        return new StreamRequest(new StreamId(stream), Attributes.NONE);
    }

    /** @param seen how many streams each run found */
    private static SessionTransition<AcquireOutcome> acquiring(String stream, List<Integer> seen) {
        return (current, now) -> {
            seen.add(current.streams().size());
            return current.acquire(request(stream), Node.QUOTA, Node.LEASE, now);
        };
    }

    private static boolean isAnswered(CompletableFuture<AcquireOutcome> answer) {
        try {
            answer.join();
            return true;
        } catch (CompletionException e) {
            assertInstanceOf(StoreUnavailableException.class, e.getCause());
            return false;
        }
    }

    private TestedStore store() {
        return new TestedStore(repository());
    }
}
