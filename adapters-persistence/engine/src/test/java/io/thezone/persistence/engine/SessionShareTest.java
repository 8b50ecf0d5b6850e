package io.thezone.persistence.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.domain.SessionId;
import io.thezone.domain.Step;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** A session whose decisions cost much is one among others. */
class SessionShareTest extends EngineUnderTest {
    private static final GroupCommitConfiguration ONE_WRITER = new GroupCommitConfiguration(1, 1_000, 100, 100);

    private final AtomicInteger decisions = new AtomicInteger();

    @Test
    void aRoundDecidesOneCostlyUpdateOfASessionAndTheOthersWaitForTheNext() throws Exception {
        start(ONE_WRITER);
        CompletableFuture<?> first = occupyTheWriter();
        List<CompletableFuture<Integer>> greedy = new ArrayList<>();
        for (int i = 0; i < 5; i++) {
            greedy.add(decided("greedy", Step.MAX_COST));
        }
        CompletableFuture<?> neighbour = acquire("neighbour", "one");
        int loads = store.loads.size();
        store.release();
        answer(first);
        answer(neighbour);
        for (CompletableFuture<Integer> late : greedy) {
            answer(late);
        }
        long rounds = store.loads.stream()
                .skip(loads)
                .filter(keys -> keys.contains(key("greedy")))
                .count();
        assertEquals(5, rounds);
        assertEquals(2, greedy.get(0).join(), "decided without loading and on the load, before any other was");
        assertTrue(greedy.get(4).join() >= 9, "the others were decided before");
    }

    @Test
    void whatIsDecidedAgainOnALoadKeepsItsPlaceBeforeACostlyUpdate() throws Exception {
        start(ONE_WRITER);
        CompletableFuture<?> first = occupyTheWriter();
        CompletableFuture<Integer> cheap = decided("session", 0);
        CompletableFuture<Integer> costly = decided("session", Step.MAX_COST);
        store.release();
        answer(first);
        assertEquals(3, answer(cheap));
        assertEquals(4, answer(costly));
    }

    @Test
    void cheapUpdatesOfASessionAreStillDecidedTogether() throws Exception {
        start(ONE_WRITER);
        CompletableFuture<?> first = occupyTheWriter();
        List<CompletableFuture<?>> cheap = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            cheap.add(acquire("busy", "s" + i));
        }
        int saves = store.saves.size();
        store.release();
        first.join();
        for (CompletableFuture<?> late : cheap) {
            answer(late);
        }
        assertTrue(store.saves.size() <= saves + 2);
    }

    /** An update that changes nothing; its answer is the number of decisions so far. */
    private CompletableFuture<Integer> decided(String session, int cost) {
        return engine().update(
                        new SessionId(session),
                        (current, now) -> new Step<>(current, decisions.incrementAndGet(), cost))
                .toCompletableFuture();
    }
}
