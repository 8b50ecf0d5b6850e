package io.thezone.persistence.contract;

import static io.thezone.persistence.contract.TestedStore.ABSENT;
import static io.thezone.persistence.contract.TestedStore.DOCUMENT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.SessionSave;
import io.thezone.persistence.spi.StoredSession;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Saves of many threads at once. */
public interface ConcurrencyRules extends StoreUnderTest {
    int THREADS = 8;

    @Test
    default void ofRacingSavesExactlyOneWins() throws Exception {
        SessionKey key = RandomKeys.next();
        Optional<StoredSession> base = ABSENT;
        for (int round = 0; round < 20; round++) {
            SessionSave save = store().saveOf(key, base, DOCUMENT);
            List<Map<SessionKey, Long>> answers = Concurrently.call(THREADS, i -> () -> store().save(save));
            List<Long> won =
                    answers.stream().flatMap(answer -> answer.values().stream()).toList();
            assertEquals(1, won.size());
            base = Optional.of(store().held(key));
            assertEquals(won.get(0), store().held(key).version());
        }
    }

    @Test
    default void overlappingBatchesOfManyThreadsNeitherFailNorLoseASave() throws Exception {
        List<SessionKey> shared = RandomKeys.sorted(20);
        SaveHistory history = new SaveHistory();
        Instant start = store().now();
        Concurrently.call(THREADS, thread -> () -> {
            for (int round = 0; round < 15; round++) {
                history.saveAll(
                        repository(), shared.subList(thread, shared.size() - THREADS + 1 + thread), key -> false);
            }
            return thread;
        });
        history.assertIsOne(start, repository().load(shared).sessions());
        shared.forEach(key -> assertTrue(history.length(key) > 0));
    }

    /** Some know half of the sessions, and others, whose cache is empty, take all for new: no batch waits for another in a circle. */
    @Test
    default void batchesThatKnowSessionsAndBatchesThatTakeThemForNewNeverBlockEachOther() throws Exception {
        for (int round = 0; round < 40; round++) {
            List<SessionKey> shared = RandomKeys.sorted(200);
            store().save(saves(shared.subList(100, 200), Map.of()));
            Map<SessionKey, StoredSession> known = repository().load(shared).sessions();
            SessionSave[] knowing = saves(shared, known);
            SessionSave[] taking = saves(shared, Map.of());
            Concurrently.call(THREADS, thread -> () -> store().save(thread % 2 == 0 ? knowing : taking));
            assertEquals(
                    Set.copyOf(shared), repository().load(shared).sessions().keySet());
        }
    }

    private SessionSave[] saves(List<SessionKey> keys, Map<SessionKey, StoredSession> known) {
        Instant now = store().now();
        return keys.stream()
                .map(key -> store().saveOf(key, Optional.ofNullable(known.get(key)), now, DOCUMENT))
                .toArray(SessionSave[]::new);
    }

    private TestedStore store() {
        return new TestedStore(repository());
    }
}
