package io.thezone.persistence.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thezone.persistence.spi.FailureLog;
import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.StoredSession;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The cache as a batch uses it. */
class CachedCopiesTest {
    private static final SessionKey KEY = new SessionKey(1, 2);
    private static final SessionKey OTHER = new SessionKey(3, 4);

    private final Map<SessionKey, StoredSession> held = new HashMap<>();
    private final List<Collection<SessionKey>> dropped = new ArrayList<>();
    private final List<Map<SessionKey, StoredSession>> published = new ArrayList<>();
    private boolean failing;

    private final CachedCopies copies = new CachedCopies(
            new SessionCache() {
                @Override
                public Map<SessionKey, StoredSession> get(Collection<SessionKey> keys) {
                    failIfItShall();
                    return held;
                }

                @Override
                public void publish(Map<SessionKey, StoredSession> saved) {
                    failIfItShall();
                    published.add(saved);
                }

                @Override
                public void drop(Collection<SessionKey> keys) {
                    failIfItShall();
                    dropped.add(keys);
                }
            },
            new FailureLog("the cache of a test"));

    @Test
    void copiesOfRequestedSessionsAreReturnedIfTheyCanBeRead() {
        held.put(KEY, session(5));
        assertEquals(Map.of(KEY, VersionedSession.of(session(5))), copies.read(List.of(KEY, OTHER)));
        held.put(OTHER, new StoredSession(6, 99, "{}"));
        assertEquals(Set.of(KEY), copies.read(List.of(KEY, OTHER)).keySet());
        assertEquals(Map.of(), copies.read(List.of(OTHER)));
    }

    @Test
    void aCacheThatFailsHasNoCopiesAndIsLoggedUntilItWorksAgain() {
        try (LogLines log = new LogLines(FailureLog.class)) {
            failing = true;
            held.put(KEY, session(5));
            assertEquals(Map.of(), copies.read(List.of(KEY)));
            assertEquals(1, log.get().size());
            failing = false;
            copies.read(List.of(KEY));
            assertEquals("the cache of a test works again", log.get().get(1));
            failing = true;
            copies.publish(held);
            assertEquals(3, log.get().size());
            copies.compare(KEY, null);
            copies.dropLost();
        }
    }

    @ParameterizedTest
    @CsvSource({"4, false", "5, true", "6, true"})
    void aCopyThatDiffersFromTheStoreAndIsNotOlderIsDroppedOnce(long version, boolean isDropped) {
        held.put(KEY, session(version));
        copies.read(List.of(KEY));
        copies.compare(KEY, new StoredSession(5, 2, "{}"));
        copies.compare(OTHER, session(1));
        copies.dropLost();
        copies.compare(KEY, new StoredSession(5, 2, "{}"));
        copies.dropLost();
        assertEquals(isDropped ? List.of(List.of(KEY)) : List.of(), dropped);
    }

    @ParameterizedTest
    @CsvSource({"true", "false"})
    void aCopyIsDroppedIfTheStoreHoldsNoneAndKeptIfTheStoreHoldsTheSame(boolean storeHoldsIt) {
        held.put(KEY, session(5));
        copies.read(List.of(KEY));
        @Nullable StoredSession stored = storeHoldsIt ? session(5) : null;
        copies.compare(KEY, stored);
        copies.dropLost();
        assertEquals(storeHoldsIt ? List.of() : List.of(List.of(KEY)), dropped);
    }

    @Test
    void onlySavedSessionsArePublished() {
        copies.publish(Map.of());
        copies.publish(Map.of(KEY, session(5)));
        assertEquals(List.of(Map.of(KEY, session(5))), published);
    }

    private void failIfItShall() {
        if (failing) {
            throw new IllegalStateException("the cache is down");
        }
    }

    private static StoredSession session(long version) {
        return new StoredSession(version, 2, "{\"at\":1}");
    }
}
