package io.thezone.persistence.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.persistence.spi.LoadedSessions;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.SessionSave;
import io.thezone.persistence.spi.StoredSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/** The same from many threads at once. */
abstract class ConcurrencyRules extends RemovalRules {
    private static final int THREADS = 8;

    @Test
    void ofRacingSavesExactlyOneWins() throws Exception {
        SessionKey key = RandomKeys.next();
        Optional<StoredSession> base = ABSENT;
        for (int round = 0; round < 20; round++) {
            SessionSave save = saveOf(key, base, DOCUMENT);
            List<Map<SessionKey, Long>> answers = Concurrently.call(THREADS, i -> () -> save(save));
            List<Long> won =
                    answers.stream().flatMap(answer -> answer.values().stream()).toList();
            assertEquals(1, won.size());
            base = Optional.of(held(key));
            assertEquals(won.get(0), held(key).version());
        }
    }

    @Test
    void overlappingBatchesOfManyThreadsNeitherFailNorLoseASave() throws Exception {
        List<SessionKey> shared = RandomKeys.sorted(20);
        SaveHistory history = new SaveHistory();
        Instant start = now();
        Concurrently.call(THREADS, thread -> () -> {
            for (int round = 0; round < 15; round++) {
                saveAll(shared.subList(thread, shared.size() - THREADS + 1 + thread), history, key -> false);
            }
            return thread;
        });
        history.assertIsOne(start, repository().load(shared).sessions());
        shared.forEach(key -> assertTrue(history.length(key) > 0));
    }

    /** Some know half of the sessions, and others, whose cache is empty, take all for new: nobody waits for the other in a circle. */
    @Test
    void batchesThatKnowSessionsAndBatchesThatTakeThemForNewNeverBlockEachOther() throws Exception {
        for (int round = 0; round < 40; round++) {
            List<SessionKey> shared = RandomKeys.sorted(200);
            save(saves(shared.subList(100, 200), Map.of()));
            Map<SessionKey, StoredSession> known = repository().load(shared).sessions();
            SessionSave[] knowing = saves(shared, known);
            SessionSave[] taking = saves(shared, Map.of());
            Concurrently.call(THREADS, thread -> () -> save(thread % 2 == 0 ? knowing : taking));
            assertEquals(
                    Set.copyOf(shared), repository().load(shared).sessions().keySet());
        }
    }

    private SessionSave[] saves(List<SessionKey> keys, Map<SessionKey, StoredSession> known) {
        Instant now = now();
        return keys.stream()
                .map(key -> saveOf(key, Optional.ofNullable(known.get(key)), now, DOCUMENT))
                .toArray(SessionSave[]::new);
    }

    /** Some threads save, renew what has lapsed, let lapse, and begin anew, while others remove. */
    @Test
    void noLivingSessionIsRemovedAndNoRemovedOneIsRaisedHoweverSavesAndRemovalsRace() throws Exception {
        List<SessionKey> shared = RandomKeys.sorted(12);
        SaveHistory history = new SaveHistory();
        AtomicInteger saving = new AtomicInteger(THREADS - 2);
        AtomicLong removed = new AtomicLong();
        repository().removeLapsed();
        Instant start = now();
        Concurrently.call(THREADS, thread -> () -> {
            if (thread < 2) {
                do {
                    removed.addAndGet(repository().removeLapsed());
                } while (saving.get() > 0);
            } else {
                try {
                    Random random = new Random(thread);
                    for (int round = 0; round < 25; round++) {
                        saveAll(shared, history, key -> random.nextInt(3) > 0);
                    }
                } finally {
                    saving.decrementAndGet();
                }
            }
            return thread;
        });
        Map<SessionKey, StoredSession> held = repository().load(shared).sessions();
        history.assertIsOne(start, held);
        assertEquals(history.removals(held), removed.get());
        assertTrue(removed.get() > 0, "nothing was removed, so nothing was shown");
    }

    /** One batch over all keys, each based on what is held right now. */
    private void saveAll(List<SessionKey> keys, SaveHistory history, Predicate<SessionKey> lapsed) {
        LoadedSessions loaded = repository().load(keys);
        List<SessionSave> batch = new ArrayList<>();
        for (SessionKey key : keys) {
            Optional<StoredSession> base = Optional.ofNullable(loaded.sessions().get(key));
            batch.add(
                    lapsed.test(key)
                            ? lapsedSaveOf(key, base, loaded.now())
                            : saveOf(key, base, loaded.now(), DOCUMENT));
        }
        Map<SessionKey, Long> versions = repository().saveIfUnchanged(batch).versions();
        for (SessionSave save : batch) {
            Long version = versions.get(save.key());
            if (version != null) {
                history.add(save, version);
            }
        }
    }
}
