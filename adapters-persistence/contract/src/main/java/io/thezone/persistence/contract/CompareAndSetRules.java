package io.thezone.persistence.contract;

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

/** A save finds what it is based on or saves nothing, and what was saved is what is read. */
abstract class CompareAndSetRules extends StoreUnderTest {
    @Test
    void loadingAbsentKeysTellsTheStoresTimeAndNothingElse() {
        LoadedSessions loaded = repository().load(RandomKeys.sorted(3));
        assertEquals(Map.of(), loaded.sessions());
        assertTrue(loaded.now().isAfter(Instant.EPOCH));
    }

    @Test
    void onlyWhatIsAskedForIsLoadedAndAllOfIt() {
        List<SessionKey> keys = RandomKeys.sorted(5);
        keys.subList(0, 4).forEach(this::insert);
        assertEquals(
                Set.of(keys.get(0), keys.get(2)),
                repository()
                        .load(List.of(keys.get(4), keys.get(2), keys.get(0)))
                        .sessions()
                        .keySet());
    }

    @Test
    void anAbsentSessionIsInsertedOnlyByASaveBasedOnAbsent() {
        SessionKey key = RandomKeys.next();
        long version = insert(key).version();
        assertEquals(version, held(key).version());
        assertEquals(Map.of(), save(saveOf(key, ABSENT, OTHER_DOCUMENT)));
        assertEquals(version, held(key).version());
        assertSameJson(DOCUMENT, held(key).document());
    }

    @Test
    void aSaveBasedOnAVersionNeverRaisesAnAbsentSession() {
        SessionKey key = RandomKeys.next();
        StoredSession other = insert(RandomKeys.next());
        assertEquals(Map.of(), save(saveOf(key, Optional.of(other), DOCUMENT)));
        assertTrue(isAbsent(key));
    }

    /** As a node has them that remembers saves which the store has lost since, or whose copies were forged. */
    @Test
    void aSaveBasedOnOtherContentsOfTheSameVersionSavesNothing() {
        SessionKey key = RandomKeys.next();
        StoredSession held = insert(key);
        List<StoredSession> others = List.of(
                new StoredSession(held.version(), held.format(), OTHER_DOCUMENT),
                new StoredSession(held.version(), held.format() + 1, DOCUMENT),
                new StoredSession(held.version(), held.format(), ""));
        for (StoredSession other : others) {
            assertEquals(Map.of(), save(saveOf(key, Optional.of(other), OTHER_DOCUMENT)), other.toString());
        }
        assertEquals(held.version(), held(key).version());
        assertSameJson(DOCUMENT, held(key).document());
        assertEquals(
                Set.of(key),
                save(saveOf(key, Optional.of(held), OTHER_DOCUMENT)).keySet());
    }

    @Test
    void eachSaveOfABatchWinsOrLosesOnItsOwn() {
        List<SessionKey> four = RandomKeys.sorted(4);
        StoredSession first = insert(four.get(0));
        StoredSession second = insert(four.get(1));
        Map<SessionKey, Long> versions = save(
                saveOf(four.get(0), Optional.of(first), OTHER_DOCUMENT),
                saveOf(four.get(1), Optional.of(first), OTHER_DOCUMENT),
                saveOf(four.get(2), ABSENT, OTHER_DOCUMENT),
                saveOf(four.get(3), Optional.of(second), OTHER_DOCUMENT));
        assertEquals(Set.of(four.get(0), four.get(2)), versions.keySet());
        assertEquals(versions.get(four.get(0)), held(four.get(0)).version());
        assertSameJson(OTHER_DOCUMENT, held(four.get(0)).document());
        assertEquals(second.version(), held(four.get(1)).version());
        assertSameJson(DOCUMENT, held(four.get(1)).document());
        assertEquals(versions.get(four.get(2)), held(four.get(2)).version());
        assertTrue(isAbsent(four.get(3)));
    }

    @Test
    void versionsAreUniqueAndGrowAcrossSessions() {
        Set<Long> seen = new HashSet<>();
        long highest = 0;
        for (int round = 0; round < 5; round++) {
            SessionSave[] batch = RandomKeys.sorted(5).stream()
                    .map(key -> saveOf(key, ABSENT, DOCUMENT))
                    .toArray(SessionSave[]::new);
            Collection<Long> versions = save(batch).values();
            assertEquals(5, versions.size());
            for (long version : versions) {
                assertTrue(version > highest);
                assertTrue(seen.add(version));
            }
            highest = seen.stream().max(Long::compare).orElseThrow();
        }
    }

    @Test
    void theSameDocumentUnderANewVersionIsAnotherState() {
        SessionKey key = RandomKeys.next();
        StoredSession first = insert(key);
        StoredSession second = update(key, first, OTHER_DOCUMENT);
        StoredSession third = update(key, second, DOCUMENT);
        assertTrue(first.version() < second.version() && second.version() < third.version());
        assertEquals(Map.of(), save(saveOf(key, Optional.of(first), OTHER_DOCUMENT)));
        assertEquals(third.version(), held(key).version());
    }

    @Test
    void aSaveIsSeenByEveryLoadAfterIt() {
        SessionKey key = RandomKeys.next();
        StoredSession last = insert(key);
        for (int i = 0; i < 20; i++) {
            String document = "{\"changedAt\":" + i + "}";
            last = update(key, last, document);
            assertEquals(last.version(), held(key).version());
            assertSameJson(document, held(key).document());
        }
    }

    @Test
    void documentsAndFormatsComeBackAsTheyWereSaved() {
        SessionKey key = RandomKeys.next();
        String document = "{\"title\":\"Ünïcode 😀 \\\" \\\\\",\"list\":[1,2,{\"a\":null}]}";
        Instant now = now();
        save(new SessionSave(key, ABSENT, now, now.plusSeconds(600), 99, document));
        assertEquals(99, held(key).format());
        assertSameJson(document, held(key).document());
        save(new SessionSave(key, Optional.of(held(key)), now(), now.plusSeconds(600), 98, DOCUMENT));
        assertEquals(98, held(key).format());
        assertSameJson(DOCUMENT, held(key).document());
    }

    @Test
    void aBatchOfAThousandIsSavedAndLoadedAsOne() {
        List<SessionKey> keys = RandomKeys.sorted(1_000);
        Instant now = now();
        List<SessionSave> batch = keys.stream()
                .map(key -> saveOf(key, ABSENT, now, "{\"of\":\"" + key + "\"}"))
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
}
