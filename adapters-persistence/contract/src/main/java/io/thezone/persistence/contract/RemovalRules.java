package io.thezone.persistence.contract;

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
import org.junit.jupiter.api.Test;

/** Only what has lapsed is removed, and what was removed stays so until it is begun anew. */
abstract class RemovalRules extends StoreClockRules {
    @Test
    void onlyLapsedSessionsAreRemoved() {
        SessionKey lapsed = RandomKeys.next();
        SessionKey alive = RandomKeys.next();
        insertLapsed(lapsed);
        insert(alive);
        assertTrue(repository().removeLapsed() >= 1);
        assertTrue(isAbsent(lapsed));
        assertFalse(isAbsent(alive));
    }

    @Test
    void aSessionIsRemovedOnceItHasLapsedByTheStoresClockAndNotBefore() {
        SessionKey key = RandomKeys.next();
        Instant now = now();
        Instant lapsesAt = now.plusMillis(300);
        saved(new SessionSave(key, ABSENT, now, lapsesAt, 1, DOCUMENT));
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
    void aLapsedSessionThatWasRenewedIsNotRemoved() {
        SessionKey key = RandomKeys.next();
        long version = update(key, insertLapsed(key), OTHER_DOCUMENT).version();
        repository().removeLapsed();
        assertEquals(version, held(key).version());
    }

    @Test
    void aSaveThatLostToARemovalSavesNothing() {
        SessionKey key = RandomKeys.next();
        StoredSession lapsed = insertLapsed(key);
        repository().removeLapsed();
        assertEquals(Map.of(), save(saveOf(key, Optional.of(lapsed), OTHER_DOCUMENT)));
        assertTrue(isAbsent(key));
    }

    @Test
    void noVersionFromBeforeARemovalMatchesTheSessionThatWasBegunAnew() {
        SessionKey key = RandomKeys.next();
        StoredSession first = insertLapsed(key);
        StoredSession second = saved(lapsedSaveOf(key, Optional.of(first)));
        repository().removeLapsed();
        assertTrue(isAbsent(key));
        StoredSession third = insert(key);
        StoredSession fourth = update(key, third, DOCUMENT);
        assertTrue(first.version() < second.version());
        assertTrue(second.version() < third.version());
        assertTrue(third.version() < fourth.version());
        for (StoredSession old : List.of(first, second, third)) {
            assertEquals(Map.of(), save(saveOf(key, Optional.of(old), OTHER_DOCUMENT)));
        }
        assertEquals(fourth.version(), held(key).version());
        assertSameJson(DOCUMENT, held(key).document());
    }
}
