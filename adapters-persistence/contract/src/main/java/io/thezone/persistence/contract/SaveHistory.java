package io.thezone.persistence.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.SessionSave;
import io.thezone.persistence.spi.StoredSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

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
}
