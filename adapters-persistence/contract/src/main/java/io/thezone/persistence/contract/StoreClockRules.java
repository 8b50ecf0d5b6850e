package io.thezone.persistence.contract;

import static io.thezone.persistence.contract.TestedStore.ABSENT;
import static io.thezone.persistence.contract.TestedStore.DOCUMENT;
import static io.thezone.persistence.contract.TestedStore.OTHER_DOCUMENT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.persistence.spi.LoadedSessions;
import io.thezone.persistence.spi.SavedSessions;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.StoredSession;
import io.thezone.persistence.spi.TimeLimits;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The store's clock is the only clock, and a save that was decided too long ago by it is not taken. */
public interface StoreClockRules extends StoreUnderTest {
    Duration MAX_AGE = TimeLimits.DECISION_AGE;
    Duration STANDSTILL = Duration.ofSeconds(2);
    Duration STEP = Duration.ofMillis(20);

    @Test
    default void loadingNoKeysReturnsTheStoresTime() {
        Instant first = store().now();
        LoadedSessions second = repository().load(List.of());
        assertEquals(Map.of(), second.sessions());
        assertFalse(second.now().isBefore(first));
    }

    @Test
    default void loadsAndSavesReadOneClockThatAdvances() {
        SessionKey key = RandomKeys.next();
        Instant before = store().now();
        Instant observed = before;
        StoredSession last = store().insert(key);
        long end = System.nanoTime() + STANDSTILL.toNanos();
        while (!observed.isAfter(before.plusMillis(5))) {
            assertTrue(System.nanoTime() - end < 0, "the store's clock stands still");
            Instant loaded = repository().load(List.of(key)).now();
            assertFalse(loaded.isBefore(observed));
            SavedSessions saved =
                    repository().saveIfUnchanged(List.of(store().saveOf(key, Optional.of(last), loaded, DOCUMENT)));
            assertFalse(saved.now().isBefore(loaded));
            last = asSaved(saved, key, last);
            observed = saved.now();
        }
    }

    @Test
    default void aSaveThatWasDecidedTooLongAgoIsRefused() {
        SessionKey present = RandomKeys.next();
        SessionKey absent = RandomKeys.next();
        StoredSession held = store().insert(present);
        Instant longAgo = store().now().minusSeconds(3);
        assertEquals(Map.of(), store().save(store().saveOf(present, Optional.of(held), longAgo, OTHER_DOCUMENT)));
        assertEquals(Map.of(), store().save(store().saveOf(absent, ABSENT, longAgo, DOCUMENT)));
        assertEquals(held.version(), store().held(present).version());
        assertTrue(store().isAbsent(absent));
    }

    @Test
    default void anOldDecisionDoesNotKeepItsNeighboursFromBeingSaved() {
        List<SessionKey> keys = RandomKeys.sorted(3);
        Instant now = store().now();
        assertEquals(
                Set.of(keys.get(0), keys.get(2)),
                store().save(
                                store().saveOf(keys.get(0), ABSENT, now, DOCUMENT),
                                store().saveOf(keys.get(1), ABSENT, now.minusSeconds(3), DOCUMENT),
                                store().saveOf(keys.get(2), ABSENT, now, DOCUMENT))
                        .keySet());
    }

    /** Crosses the boundary in steps. The times before and after each save are bounds of the time at which the store compared. */
    @Test
    default void aSaveIsTakenUpToTwoSecondsAfterItsDecisionByTheStoresClock() {
        SessionKey present = RandomKeys.next();
        StoredSession held = store().insert(present);
        Duration age = MAX_AGE.minus(STEP.multipliedBy(5));
        for (int i = 0; i < 10; i++) {
            SessionKey absent = RandomKeys.next();
            SessionKey higher = absent.compareTo(present) > 0 ? absent : present;
            SessionKey lower = higher.equals(absent) ? present : absent;
            Instant before = store().now();
            Instant decidedAt = before.minus(age);
            SavedSessions saved = repository()
                    .saveIfUnchanged(List.of(
                            store().saveOf(
                                            lower,
                                            lower.equals(present) ? Optional.of(held) : ABSENT,
                                            decidedAt,
                                            DOCUMENT),
                            store().saveOf(
                                            higher,
                                            higher.equals(present) ? Optional.of(held) : ABSENT,
                                            decidedAt,
                                            DOCUMENT)));
            for (SessionKey key : List.of(lower, higher)) {
                if (saved.versions().containsKey(key)) {
                    assertFalse(before.isAfter(decidedAt.plus(MAX_AGE)), "taken too late: " + age);
                } else {
                    assertTrue(saved.now().isAfter(decidedAt.plus(MAX_AGE)), "refused too soon: " + age);
                }
            }
            held = asSaved(saved, present, held);
            age = age.plus(STEP);
        }
    }

    /** The session with the version under which the same document was saved again, if it was. */
    private static StoredSession asSaved(SavedSessions saved, SessionKey key, StoredSession last) {
        long version = saved.versions().getOrDefault(key, last.version());
        return new StoredSession(version, last.format(), last.document());
    }

    private TestedStore store() {
        return new TestedStore(repository());
    }
}
