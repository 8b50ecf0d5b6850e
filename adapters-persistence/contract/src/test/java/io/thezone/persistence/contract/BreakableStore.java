package io.thezone.persistence.contract;

import io.thezone.persistence.spi.LoadedSessions;
import io.thezone.persistence.spi.SavedSessions;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.SessionRepository;
import io.thezone.persistence.spi.SessionSave;
import io.thezone.persistence.spi.StoredSession;
import io.thezone.persistence.spi.TimeLimits;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** A memory store taken apart, a method for each rule, so that every rule can be broken alone. */
class BreakableStore implements SessionRepository {
    record Row(StoredSession session, Instant lapsesAt) {}

    static final long NONE = 0;

    final Map<SessionKey, Row> rows = new HashMap<>();
    long lastVersion = NONE;

    Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }

    long version(@Nullable Row held) {
        return held == null ? NONE : held.session().version();
    }

    long nextVersion(@Nullable Row held) {
        return lastVersion + 1;
    }

    boolean matches(SessionSave save, @Nullable Row held) {
        return save.base().equals(Optional.ofNullable(held).map(Row::session));
    }

    Duration maxAge() {
        return TimeLimits.DECISION_AGE;
    }

    boolean isLapsed(Row row, Instant now) {
        return row.lapsesAt().isBefore(now);
    }

    Row next(SessionSave save, long version, @Nullable Row held) {
        return new Row(new StoredSession(version, save.format(), save.document()), save.lapsesAt());
    }

    boolean takes(SessionSave save) {
        return matches(save, rows.get(save.key()))
                && !save.decidedAt().plus(maxAge()).isBefore(now());
    }

    void put(SessionSave save) {
        Row held = rows.get(save.key());
        lastVersion = nextVersion(held);
        rows.put(save.key(), next(save, lastVersion, held));
    }

    @Override
    public LoadedSessions load(Collection<SessionKey> keys) {
        synchronized (this) {
            Map<SessionKey, StoredSession> found = new HashMap<>();
            rows.forEach((key, row) -> {
                if (keys.contains(key)) {
                    found.put(key, row.session());
                }
            });
            return new LoadedSessions(found, now());
        }
    }

    @Override
    public SavedSessions saveIfUnchanged(List<SessionSave> saves) {
        synchronized (this) {
            Map<SessionKey, Long> versions = new HashMap<>();
            for (SessionSave save : saves) {
                if (takes(save)) {
                    put(save);
                    versions.put(save.key(), lastVersion);
                }
            }
            return new SavedSessions(versions, now());
        }
    }

    @Override
    public long removeLapsed() {
        synchronized (this) {
            Instant now = now();
            long before = rows.size();
            rows.values().removeIf(row -> isLapsed(row, now));
            return before - rows.size();
        }
    }
}
