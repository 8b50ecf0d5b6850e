package io.thezone.persistence.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.persistence.spi.LoadedSessions;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.SessionRepository;
import io.thezone.persistence.spi.SessionSave;
import io.thezone.persistence.spi.StoredSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;

/** All saves that a store took, from however many threads: do they make one history per session? */
final class SaveHistory {
    /** Where there is no version. */
    private static final long NONE = Long.MIN_VALUE;

    private final Map<SessionKey, SortedMap<Long, SessionSave>> byVersion = new TreeMap<>();
    private final List<String> broken = new ArrayList<>();

    synchronized void add(SessionSave save, long version) {
        SessionSave other =
                byVersion.computeIfAbsent(save.key(), any -> new TreeMap<>()).put(version, save);
        if (other != null) {
            broken.add("one version for two saves: " + version);
        }
    }

    /** How many saves were taken of the session. */
    synchronized int length(SessionKey key) {
        return byVersion.getOrDefault(key, new TreeMap<>()).size();
    }

    /** How many removals there must have been: one before each save that began anew, and one of each that is gone. */
    synchronized long removals(Map<SessionKey, StoredSession> held) {
        long begun = byVersion.values().stream()
                .flatMap(saves -> saves.values().stream())
                .filter(save -> save.base().isEmpty())
                .count();
        return begun - held.size();
    }

    /**
     * In the order of their versions each save is based on the one before it, or begins anew after one that had
     * lapsed; and the store holds the last, or nothing if that had lapsed.
     *
     * @param held what the store holds in the end
     */
    synchronized void assertIsOne(Instant start, Map<SessionKey, StoredSession> held) {
        assertEquals(List.of(), broken);
        byVersion.forEach((key, saves) -> {
            long last = NONE;
            boolean mayBeAbsent = true;
            for (Map.Entry<Long, SessionSave> entry : saves.entrySet()) {
                long base = entry.getValue().base().map(StoredSession::version).orElse(NONE);
                assertTrue(
                        base == last || (base == NONE && mayBeAbsent),
                        "a save based on " + base + " was taken when " + last + " was held");
                last = entry.getKey();
                mayBeAbsent = entry.getValue().lapsesAt().isBefore(start);
            }
            StoredSession end = held.get(key);
            if (end != null) {
                assertEquals(last, end.version());
            } else {
                assertTrue(mayBeAbsent, "a session that lives was removed");
            }
        });
        held.keySet().forEach(key -> assertNotNull(byVersion.get(key), "a session that nobody saved"));
    }

    /** Saves all keys in one batch, each based on what the store holds now. */
    void saveAll(SessionRepository store, List<SessionKey> keys, Predicate<SessionKey> lapsed) {
        LoadedSessions loaded = store.load(keys);
        TestedStore tested = new TestedStore(store);
        List<SessionSave> batch = new ArrayList<>();
        for (SessionKey key : keys) {
            Optional<StoredSession> base = Optional.ofNullable(loaded.sessions().get(key));
            batch.add(
                    lapsed.test(key)
                            ? tested.lapsedSaveOf(key, base, loaded.now())
                            : tested.saveOf(key, base, loaded.now(), TestedStore.DOCUMENT));
        }
        Map<SessionKey, Long> versions = store.saveIfUnchanged(batch).versions();
        for (SessionSave save : batch) {
            Long version = versions.get(save.key());
            if (version != null) {
                add(save, version);
            }
        }
    }
}
