package io.thezone.persistence.contract;

import static io.thezone.persistence.contract.TestedStore.ABSENT;
import static io.thezone.persistence.contract.TestedStore.DOCUMENT;
import static io.thezone.persistence.contract.TestedStore.OTHER_DOCUMENT;
import static io.thezone.persistence.contract.TestedStore.assertSameJson;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.persistence.spi.LoadedSessions;
import io.thezone.persistence.spi.SavedSessions;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.SessionSave;
import io.thezone.persistence.spi.StoredSession;
import java.time.Instant;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A save succeeds only on what it is based on, and what was saved is what is loaded. */
public interface CompareAndSetRules extends StoreUnderTest {
    @Test
    default void loadingAbsentKeysReturnsTheStoresTimeOnly() {
        LoadedSessions loaded = repository().load(RandomKeys.sorted(3));
        assertEquals(Map.of(), loaded.sessions());
        assertTrue(loaded.now().isAfter(Instant.EPOCH));
    }

    @Test
    default void onlyWhatIsAskedForIsLoadedAndAllOfIt() {
        List<SessionKey> keys = RandomKeys.sorted(5);
        keys.subList(0, 4).forEach(store()::insert);
        assertEquals(
                Set.of(keys.get(0), keys.get(2)),
                repository()
                        .load(List.of(keys.get(4), keys.get(2), keys.get(0)))
                        .sessions()
                        .keySet());
    }

    @Test
    default void anAbsentSessionIsInsertedOnlyByASaveBasedOnAbsent() {
        SessionKey key = RandomKeys.next();
        long version = store().insert(key).version();
        assertEquals(version, store().held(key).version());
        assertEquals(Map.of(), store().save(store().saveOf(key, ABSENT, OTHER_DOCUMENT)));
        assertEquals(version, store().held(key).version());
        assertSameJson(DOCUMENT, store().held(key).document());
    }

    @Test
    default void aSaveBasedOnAVersionNeverRaisesAnAbsentSession() {
        SessionKey key = RandomKeys.next();
        StoredSession other = store().insert(RandomKeys.next());
        assertEquals(Map.of(), store().save(store().saveOf(key, Optional.of(other), DOCUMENT)));
        assertTrue(store().isAbsent(key));
    }

    /** A node may remember saves that the store has lost since. */
    @Test
    default void aSaveBasedOnOtherContentsOfTheSameVersionSavesNothing() {
        SessionKey key = RandomKeys.next();
        StoredSession held = store().insert(key);
        List<StoredSession> others = List.of(
                new StoredSession(held.version(), held.format(), OTHER_DOCUMENT),
                new StoredSession(held.version(), held.format() + 1, DOCUMENT),
                new StoredSession(held.version(), held.format(), ""));
        for (StoredSession other : others) {
            assertEquals(
                    Map.of(), store().save(store().saveOf(key, Optional.of(other), OTHER_DOCUMENT)), other.toString());
        }
        assertEquals(held.version(), store().held(key).version());
        assertSameJson(DOCUMENT, store().held(key).document());
        assertEquals(
                Set.of(key),
                store().save(store().saveOf(key, Optional.of(held), OTHER_DOCUMENT))
                        .keySet());
    }

    @Test
    default void eachSaveOfABatchWinsOrLosesOnItsOwn() {
        List<SessionKey> four = RandomKeys.sorted(4);
        StoredSession first = store().insert(four.get(0));
        StoredSession second = store().insert(four.get(1));
        Map<SessionKey, Long> versions = store().save(
                        store().saveOf(four.get(0), Optional.of(first), OTHER_DOCUMENT),
                        store().saveOf(four.get(1), Optional.of(first), OTHER_DOCUMENT),
                        store().saveOf(four.get(2), ABSENT, OTHER_DOCUMENT),
                        store().saveOf(four.get(3), Optional.of(second), OTHER_DOCUMENT));
        assertEquals(Set.of(four.get(0), four.get(2)), versions.keySet());
        assertEquals(versions.get(four.get(0)), store().held(four.get(0)).version());
        assertSameJson(OTHER_DOCUMENT, store().held(four.get(0)).document());
        assertEquals(second.version(), store().held(four.get(1)).version());
        assertSameJson(DOCUMENT, store().held(four.get(1)).document());
        assertEquals(versions.get(four.get(2)), store().held(four.get(2)).version());
        assertTrue(store().isAbsent(four.get(3)));
    }

    @Test
    default void versionsAreUniqueAndGrowAcrossSessions() {
        Set<Long> seen = new HashSet<>();
        long highest = 0;
        for (int round = 0; round < 5; round++) {
            SessionSave[] batch = RandomKeys.sorted(5).stream()
                    .map(key -> store().saveOf(key, ABSENT, DOCUMENT))
                    .toArray(SessionSave[]::new);
            Collection<Long> versions = store().save(batch).values();
            assertEquals(5, versions.size());
            for (long version : versions) {
                assertTrue(version > highest);
                assertTrue(seen.add(version));
            }
            highest = seen.stream().max(Long::compare).orElseThrow();
        }
    }

    @Test
    default void theSameDocumentUnderANewVersionIsAnotherState() {
        SessionKey key = RandomKeys.next();
        StoredSession first = store().insert(key);
        StoredSession second = store().update(key, first, OTHER_DOCUMENT);
        StoredSession third = store().update(key, second, DOCUMENT);
        assertTrue(first.version() < second.version() && second.version() < third.version());
        assertEquals(Map.of(), store().save(store().saveOf(key, Optional.of(first), OTHER_DOCUMENT)));
        assertEquals(third.version(), store().held(key).version());
    }

    @Test
    default void aSaveIsSeenByEveryLoadAfterIt() {
        SessionKey key = RandomKeys.next();
        StoredSession last = store().insert(key);
        for (int i = 0; i < 20; i++) {
            String document = "{\"changedAt\":" + i + "}";
            last = store().update(key, last, document);
            assertEquals(last.version(), store().held(key).version());
            assertSameJson(document, store().held(key).document());
        }
    }

    @Test
    default void documentsAndFormatsComeBackAsTheyWereSaved() {
        SessionKey key = RandomKeys.next();
        String document = "{\"title\":\"Ünïcode 😀 \\\" \\\\\",\"list\":[1,2,{\"a\":null}]}";
        Instant now = store().now();
        store().save(new SessionSave(key, ABSENT, now, now.plusSeconds(600), 99, document));
        assertEquals(99, store().held(key).format());
        assertSameJson(document, store().held(key).document());
        store().save(new SessionSave(
                key, Optional.of(store().held(key)), store().now(), now.plusSeconds(600), 98, DOCUMENT));
        assertEquals(98, store().held(key).format());
        assertSameJson(DOCUMENT, store().held(key).document());
    }

    @Test
    default void aBatchOfAThousandIsSavedAndLoadedAsOne() {
        List<SessionKey> keys = RandomKeys.sorted(1_000);
        Instant now = store().now();
        List<SessionSave> batch = keys.stream()
                .map(key -> store().saveOf(key, ABSENT, now, "{\"of\":\"" + key + "\"}"))
                .toList();
        SavedSessions saved = repository().saveIfUnchanged(batch);
        assertEquals(Set.copyOf(keys), saved.versions().keySet());
        Map<SessionKey, StoredSession> loaded = repository().load(keys).sessions();
        for (SessionSave save : batch) {
            StoredSession held = Objects.requireNonNull(loaded.get(save.key()));
            assertEquals(saved.versions().get(save.key()), held.version());
            assertSameJson(save.document(), held.document());
        }
    }

    private TestedStore store() {
        return new TestedStore(repository());
    }
}
