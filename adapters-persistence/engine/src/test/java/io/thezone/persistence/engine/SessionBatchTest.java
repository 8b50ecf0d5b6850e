package io.thezone.persistence.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.application.StoreUnavailableException;
import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.SessionId;
import io.thezone.domain.Step;
import io.thezone.persistence.spi.RejectedDataException;
import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.StoredSession;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** What a batch decides on, what it decides again, and which of its sessions fail alone. */
class SessionBatchTest extends EngineUnderTest {
    private static final GroupCommitConfiguration ONE_WRITER = new GroupCommitConfiguration(1, 1_000, 100, 100);
    private static final GroupCommitConfiguration NO_MEMORY = new GroupCommitConfiguration(1, 1_000, 100, 0);

    @Test
    void aSessionThatTheStoreCannotHoldFailsAlone() throws Exception {
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
        assertEquals(new SaveCounts(20, 0), engine().recentSaves(), "rejected data is no failure of the store");
    }

    @Test
    void aSessionThatTheStoreCannotReadFailsAlone() throws Exception {
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
    void aCacheThatSparesNoLoadIsAskedByOneBatchInSeventeen() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        start(NO_MEMORY, new EmptyCache(asked), Runnable::run);
        assertTrue(engine().usesCache());
        list();
        for (int i = 0; i < 50; i++) {
            list();
        }
        assertEquals(50, asked.get());
        assertFalse(engine().usesCache());
        for (int i = 0; i < 34; i++) {
            list();
        }
        assertEquals(52, asked.get());
    }

    @Test
    void anEngineWithoutACacheUsesNone() {
        start(NO_MEMORY);
        assertFalse(engine().usesCache());
    }

    private void list() throws Exception {
        engine().update(new SessionId("absent"), (session, now) -> new Step<>(session, session))
                .toCompletableFuture()
                .get(20, TimeUnit.SECONDS);
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

    /** A cache that takes time and has no copy. */
    private final class EmptyCache implements SessionCache {
        private final AtomicInteger asked;

        EmptyCache(AtomicInteger asked) {
            this.asked = asked;
        }

        @Override
        public Map<SessionKey, StoredSession> get(Collection<SessionKey> keys) {
            assertEquals(Set.of(key("absent")), Set.copyOf(keys));
            asked.incrementAndGet();
            pass(Duration.ofMillis(1));
            return Map.of();
        }

        @Override
        public void publish(Map<SessionKey, StoredSession> saved) {}

        @Override
        public void drop(Collection<SessionKey> keys) {}
    }
}
