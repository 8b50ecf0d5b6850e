package io.thezone.persistence.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.StoredSession;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What a writer remembers of sessions. */
class RecentSessionsTest {
    private static final int CAPACITY = 100;

    private final RecentSessions recent = new RecentSessions(CAPACITY);

    @Test
    void aSessionIsRememberedAsItIsStored() {
        StoredSession session = new StoredSession(7, 2, "{\"name\":\"Zoë 📺\"}");
        recent.put(key(1), session);
        assertEquals(session, recent.get(key(1)));
        assertTrue(recent.wasStored(key(1)));
    }

    @Test
    void aSessionIsNewUntilItIsSavedAgain() {
        assertFalse(recent.isNew(key(1)));
        recent.putNew(key(1), session(1, 10));
        assertTrue(recent.isNew(key(1)));
        assertEquals(session(1, 10), recent.get(key(1)));
        recent.put(key(1), session(2, 10));
        assertFalse(recent.isNew(key(1)));
    }

    @Test
    void theLatestIsRemembered() {
        recent.put(key(1), session(1, 10));
        recent.put(key(1), session(2, 20));
        assertEquals(session(2, 20), recent.get(key(1)));
    }

    @Test
    void nothingIsKnownOfOthers() {
        recent.put(key(1), session(1, 10));
        assertNull(recent.get(key(2)));
        assertFalse(recent.wasStored(key(2)));
    }

    @Test
    void aSessionThatTheStoreDoesNotHoldIsForgotten() {
        recent.put(key(1), session(1, 10));
        recent.forget(key(1));
        assertNull(recent.get(key(1)));
        assertFalse(recent.wasStored(key(1)));
    }

    @Test
    void forgettingASessionLeavesTheOneInItsSlot() {
        recent.put(key(1), session(1, 10));
        recent.forget(key(1 + 10 * CAPACITY));
        assertEquals(session(1, 10), recent.get(key(1)));
    }

    @Test
    void theLatestOfTwoThatShareASlotIsRemembered() {
        SessionKey other = key(1 + 10 * CAPACITY);
        recent.put(key(1), session(1, 10));
        recent.put(other, session(2, 20));
        assertNull(recent.get(key(1)));
        assertEquals(session(2, 20), recent.get(other));
    }

    @Test
    void keysThatShareASlotAndHalfTheirBitsAreDistinguished() {
        recent.put(new SessionKey(7, 1), session(1, 10));
        assertNull(recent.get(new SessionKey(7, 1 + 10 * CAPACITY)));
    }

    @Test
    void theOldestMakeRoomAndAreKnownToBeStoredStill() {
        IntStream.rangeClosed(1, 10 * CAPACITY - 1).forEach(i -> recent.put(key(i), session(i, i % 300)));
        assertNull(recent.get(key(1)));
        assertTrue(recent.wasStored(key(1)));
        for (int i = 9 * CAPACITY; i < 10 * CAPACITY; i++) {
            assertEquals(session(i, i % 300), recent.get(key(i)));
        }
    }

    @Test
    void aRingThatIsJustFullHasAllAndOneMoreTakesTheRoomOfTheFirst() {
        IntStream.rangeClosed(1, CAPACITY).forEach(i -> recent.put(key(i), ofUsualSize(i)));
        for (int i = 1; i <= CAPACITY; i++) {
            assertEquals(ofUsualSize(i), recent.get(key(i)));
        }
        recent.put(key(CAPACITY + 1), ofUsualSize(CAPACITY + 1));
        assertNull(recent.get(key(1)));
        assertEquals(ofUsualSize(2), recent.get(key(2)));
    }

    @Test
    void aSessionAsLargeAsTheRingIsRemembered() {
        RecentSessions one = new RecentSessions(1);
        one.put(key(1), ofUsualSize(1));
        assertEquals(ofUsualSize(1), one.get(key(1)));
    }

    @Test
    void whatIsRememberedIsWholeOrGone() {
        for (int i = 1; i < 5_000; i++) {
            recent.put(key(i), session(i, i * 37 % 1_500));
            for (int j = Math.max(1, i - 300); j <= i; j++) {
                StoredSession held = recent.get(key(j));
                assertTrue(held == null || held.equals(session(j, j * 37 % 1_500)));
            }
            assertEquals(session(i, i * 37 % 1_500), recent.get(key(i)));
        }
    }

    @Test
    void ofASessionThatIsLargerThanAllTheRoomIsKnownThatItIsStored() {
        recent.put(key(1), session(1, 10));
        recent.put(key(1), session(2, 300 * CAPACITY));
        assertNull(recent.get(key(1)));
        assertTrue(recent.wasStored(key(1)));
    }

    @Test
    void withoutRoomNothingIsRemembered() {
        RecentSessions none = new RecentSessions(0);
        none.put(key(1), session(1, 10));
        none.forget(key(1));
        assertNull(none.get(key(1)));
        assertFalse(none.wasStored(key(1)));
        assertTrue(none.remembersNothing());
    }

    private static SessionKey key(int number) {
        return new SessionKey(1_000_000L + number, number);
    }

    /** A session that takes 256 bytes, 25 of them besides its document. */
    private static StoredSession ofUsualSize(long version) {
        return new StoredSession(version, 2, "x".repeat(231));
    }

    private static StoredSession session(long version, int length) {
        return new StoredSession(version, 2, Long.toString(version).repeat(length));
    }
}
