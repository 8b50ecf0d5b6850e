package io.thezone.persistence.contract;

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
abstract class StoreClockRules extends CompareAndSetRules {
    private static final Duration MAX_AGE = TimeLimits.DECISION_AGE;
    private static final Duration STANDSTILL = Duration.ofSeconds(2);
    private static final Duration STEP = Duration.ofMillis(20);

    @Test
    void loadingNothingTellsTheStoresTime() {
        Instant first = now();
        LoadedSessions second = repository().load(List.of());
        assertEquals(Map.of(), second.sessions());
        assertFalse(second.now().isBefore(first));
    }

    @Test
    void loadsAndSavesTellOneClockThatGoesOn() {
        SessionKey key = RandomKeys.next();
        Instant before = now();
        Instant told = before;
        StoredSession last = insert(key);
        long end = System.nanoTime() + STANDSTILL.toNanos();
        while (!told.isAfter(before.plusMillis(5))) {
            assertTrue(System.nanoTime() - end < 0, "the store's clock stands still");
            Instant loaded = repository().load(List.of(key)).now();
            assertFalse(loaded.isBefore(told));
            SavedSessions saved =
                    repository().saveIfUnchanged(List.of(saveOf(key, Optional.of(last), loaded, DOCUMENT)));
            assertFalse(saved.now().isBefore(loaded));
            last = asSaved(saved, key, last);
            told = saved.now();
        }
    }

    @Test
    void aSaveThatWasDecidedTooLongAgoIsRefused() {
        SessionKey present = RandomKeys.next();
        SessionKey absent = RandomKeys.next();
        StoredSession held = insert(present);
        Instant longAgo = now().minusSeconds(3);
        assertEquals(Map.of(), save(saveOf(present, Optional.of(held), longAgo, OTHER_DOCUMENT)));
        assertEquals(Map.of(), save(saveOf(absent, ABSENT, longAgo, DOCUMENT)));
        assertEquals(held.version(), held(present).version());
        assertTrue(isAbsent(absent));
    }

    @Test
    void anOldDecisionDoesNotKeepItsNeighboursFromBeingSaved() {
        List<SessionKey> keys = RandomKeys.sorted(3);
        Instant now = now();
        assertEquals(
                Set.of(keys.get(0), keys.get(2)),
                save(
                                saveOf(keys.get(0), ABSENT, now, DOCUMENT),
                                saveOf(keys.get(1), ABSENT, now.minusSeconds(3), DOCUMENT),
                                saveOf(keys.get(2), ABSENT, now, DOCUMENT))
                        .keySet());
    }

    /** Walks over the boundary; the times that the store tells before and after each save bound the one it looked at. */
    @Test
    void aSaveIsTakenUpToTwoSecondsAfterItsDecisionByTheStoresClock() {
        SessionKey present = RandomKeys.next();
        StoredSession held = insert(present);
        Duration age = MAX_AGE.minus(STEP.multipliedBy(5));
        for (int i = 0; i < 10; i++) {
            SessionKey absent = RandomKeys.next();
            SessionKey higher = absent.compareTo(present) > 0 ? absent : present;
            SessionKey lower = higher.equals(absent) ? present : absent;
            Instant before = now();
            Instant decidedAt = before.minus(age);
            SavedSessions saved = repository()
                    .saveIfUnchanged(List.of(
                            saveOf(lower, lower.equals(present) ? Optional.of(held) : ABSENT, decidedAt, DOCUMENT),
                            saveOf(higher, higher.equals(present) ? Optional.of(held) : ABSENT, decidedAt, DOCUMENT)));
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
}
