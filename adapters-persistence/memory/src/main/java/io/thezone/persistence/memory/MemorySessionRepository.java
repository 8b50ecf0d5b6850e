package io.thezone.persistence.memory;

import io.thezone.persistence.spi.LoadedSessions;
import io.thezone.persistence.spi.SavedSessions;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.SessionRepository;
import io.thezone.persistence.spi.SessionSave;
import io.thezone.persistence.spi.StoredSession;
import io.thezone.persistence.spi.TimeLimits;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Keeps sessions in a map, until the process ends. */
public final class MemorySessionRepository implements SessionRepository {
    private record Row(StoredSession session, Instant lapsesAt) {}

    private final InstantSource clock;
    private final Map<SessionKey, Row> rows = new HashMap<>();
    private long lastVersion;

    /** @param clock the store's clock, the only one that counts */
    public MemorySessionRepository(InstantSource clock) {
        this.clock = clock;
    }

    @Override
    public synchronized LoadedSessions load(Collection<SessionKey> keys) {
        Map<SessionKey, StoredSession> found = new HashMap<>();
        for (SessionKey key : keys) {
            Row row = rows.get(key);
            if (row != null) {
                found.put(key, row.session());
            }
        }
        return new LoadedSessions(found, now());
    }

    @Override
    public synchronized SavedSessions saveIfUnchanged(List<SessionSave> saves) {
        Instant now = now();
        Map<SessionKey, Long> versions = new HashMap<>();
        for (SessionSave save : saves) {
            Optional<StoredSession> held =
                    Optional.ofNullable(rows.get(save.key())).map(Row::session);
            if (held.equals(save.base())
                    && !save.decidedAt().plus(TimeLimits.DECISION_AGE).isBefore(now)) {
                lastVersion++;
                StoredSession session = new StoredSession(lastVersion, save.format(), save.document());
                rows.put(save.key(), new Row(session, save.lapsesAt()));
                versions.put(save.key(), lastVersion);
            }
        }
        return new SavedSessions(versions, now);
    }

    @Override
    public synchronized long removeLapsed() {
        Instant now = now();
        long before = rows.size();
        rows.values().removeIf(row -> row.lapsesAt().isBefore(now));
        return before - rows.size();
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.MICROS);
    }
}
