package io.thezone.persistence.contract;

import static io.thezone.persistence.contract.TestedStore.ABSENT;
import static io.thezone.persistence.contract.TestedStore.DEADLINE;
import static io.thezone.persistence.contract.TestedStore.DOCUMENT;
import static io.thezone.persistence.contract.TestedStore.OTHER_DOCUMENT;
import static io.thezone.persistence.contract.TestedStore.assertSameJson;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.persistence.spi.LoadedSessions;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.SessionSave;
import io.thezone.persistence.spi.StoredSession;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/**
 * Only lapsed sessions are removed, and a removed one stays absent until a save without a base. A store that expires sessions
 * itself has no {@code removeLapsed} and need not keep these rules.
 */
public interface RemovalRules extends StoreUnderTest {
    @Test
    default void onlyLapsedSessionsAreRemoved() {
        SessionKey lapsed = RandomKeys.next();
        SessionKey alive = RandomKeys.next();
        store().insertLapsed(lapsed);
        store().insert(alive);
        assertTrue(repository().removeLapsed() >= 1);
        assertTrue(store().isAbsent(lapsed));
        assertFalse(store().isAbsent(alive));
    }

    @Test
    default void aSessionIsRemovedOnceItHasLapsedByTheStoresClockAndNotBefore() {
        SessionKey key = RandomKeys.next();
        Instant now = store().now();
        Instant lapsesAt = now.plusMillis(300);
        store().saved(new SessionSave(key, ABSENT, now, lapsesAt, 1, DOCUMENT));
        long end = System.nanoTime() + DEADLINE.toNanos();
        LoadedSessions loaded;
        do {
            assertTrue(System.nanoTime() - end < 0, "it was not removed");
            repository().removeLapsed();
            loaded = repository().load(List.of(key));
        } while (!loaded.sessions().isEmpty());
        assertTrue(loaded.now().isAfter(lapsesAt));
    }

    @Test
    default void aLapsedSessionThatWasRenewedIsNotRemoved() {
        SessionKey key = RandomKeys.next();
        long version =
                store().update(key, store().insertLapsed(key), OTHER_DOCUMENT).version();
        repository().removeLapsed();
        assertEquals(version, store().held(key).version());
    }

    @Test
    default void aSaveThatLostToARemovalSavesNothing() {
        SessionKey key = RandomKeys.next();
        StoredSession lapsed = store().insertLapsed(key);
        repository().removeLapsed();
        assertEquals(Map.of(), store().save(store().saveOf(key, Optional.of(lapsed), OTHER_DOCUMENT)));
        assertTrue(store().isAbsent(key));
    }

    @Test
    default void noVersionFromBeforeARemovalMatchesTheSessionThatWasBegunAnew() {
        SessionKey key = RandomKeys.next();
        StoredSession first = store().insertLapsed(key);
        StoredSession second = store().saved(store().lapsedSaveOf(key, Optional.of(first)));
        repository().removeLapsed();
        assertTrue(store().isAbsent(key));
        StoredSession third = store().insert(key);
        StoredSession fourth = store().update(key, third, DOCUMENT);
        assertTrue(first.version() < second.version());
        assertTrue(second.version() < third.version());
        assertTrue(third.version() < fourth.version());
        for (StoredSession old : List.of(first, second, third)) {
            assertEquals(Map.of(), store().save(store().saveOf(key, Optional.of(old), OTHER_DOCUMENT)));
        }
        assertEquals(fourth.version(), store().held(key).version());
        assertSameJson(DOCUMENT, store().held(key).document());
    }

    /** Some threads save, renew what has lapsed, let lapse, and begin anew, while others remove. */
    @Test
    default void noLivingSessionIsRemovedAndNoRemovedOneIsRaisedHoweverSavesAndRemovalsRace() throws Exception {
        int threads = 8;
        List<SessionKey> shared = RandomKeys.sorted(12);
        SaveHistory history = new SaveHistory();
        AtomicInteger saving = new AtomicInteger(threads - 2);
        AtomicLong removed = new AtomicLong();
        repository().removeLapsed();
        Instant start = store().now();
        Concurrently.call(threads, thread -> () -> {
            if (thread < 2) {
                do {
                    removed.addAndGet(repository().removeLapsed());
                } while (saving.get() > 0);
            } else {
                try {
                    Random random = new Random(thread);
                    for (int round = 0; round < 25; round++) {
                        history.saveAll(repository(), shared, key -> random.nextInt(3) > 0);
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

    private TestedStore store() {
        return new TestedStore(repository());
    }
}
