package io.thezone.persistence.postgresql;

import io.thezone.persistence.spi.LoadedSessions;
import io.thezone.persistence.spi.RejectedDataException;
import io.thezone.persistence.spi.SavedSessions;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.SessionRepository;
import io.thezone.persistence.spi.SessionSave;
import io.thezone.persistence.spi.StoredSession;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.argument.Argument;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/**
 * Each call is one autocommit statement: no transaction is held open between two messages, so a paused node holds no locks.
 * Rows are written in the order of the keys, so concurrent batches never deadlock.
 */
final class PostgresqlSessionRepository implements SessionRepository {
    private static final String LOAD = "SELECT NULL::bytea, 0::bigint, 0::smallint, NULL::text, clock_timestamp()"
            + " UNION ALL"
            + " SELECT key, version, format, streams::text, NULL"
            + " FROM sessions WHERE key = ANY (:keys)";

    /**
     * Inserts what is new, then locks the rows whose version still is the one decided on (a waiting lock checks the version
     * again), looks at the clock, and updates. An insert waits for rows that another batch writes, known or new, while a lock
     * waits for known rows only: all inserts come before the first lock (the count sees to it), so that no two batches wait
     * for each other. The sequence is drawn from while the row is locked, so versions of a row only grow. Times are cast to double, which is exact for microseconds until the year 2255 and cheaper than numeric.
     */
    private static final String SAVE =
            """
            WITH saves AS MATERIALIZED (
              SELECT * FROM unnest(:keys, :bases, :decisions, :lapses, :formats, :documents)
                AS save (key, base, decided_at, lapses_at, format, document)
              ORDER BY key
            ), inserted AS (
              INSERT INTO sessions (key, version, format, streams, lapses_at)
              SELECT key, nextval('session_version'), format, document::jsonb, to_timestamp(lapses_at::float8 / 1e6)
              FROM saves
              WHERE base = 0
                AND to_timestamp(decided_at::float8 / 1e6) >= clock_timestamp() - :maxAge * interval '1 second'
              ORDER BY key
              ON CONFLICT (key) DO NOTHING
              RETURNING key, version
            ), locked AS MATERIALIZED (
              SELECT s.key, v.decided_at, v.lapses_at, v.format, v.document
              FROM sessions s JOIN saves v ON s.key = v.key AND s.version = v.base
              WHERE v.base <> 0 AND (SELECT count(*) FROM inserted) >= 0
              ORDER BY s.key
              FOR NO KEY UPDATE OF s
            ), updated AS (
              UPDATE sessions s
              SET version = nextval('session_version'), format = l.format, streams = l.document::jsonb,
                lapses_at = to_timestamp(l.lapses_at::float8 / 1e6)
              FROM (SELECT * FROM locked
                    WHERE to_timestamp(decided_at::float8 / 1e6) >= clock_timestamp() - :maxAge * interval '1 second') l
              WHERE s.key = l.key
              RETURNING s.key, s.version
            )
            SELECT key, version, NULL::timestamptz FROM updated
            UNION ALL
            SELECT key, version, NULL FROM inserted
            UNION ALL
            SELECT NULL, 0, clock_timestamp()
            """;

    private static final String REMOVE_SLICE =
            """
            WITH slice AS MATERIALIZED (
              SELECT key, lapses_at FROM sessions WHERE key > :after ORDER BY key LIMIT :size
            ), lapsed AS MATERIALIZED (
              SELECT s.key FROM sessions s JOIN slice USING (key)
              WHERE s.lapses_at < clock_timestamp()
              ORDER BY s.key
              FOR UPDATE OF s SKIP LOCKED
            ), removed AS (
              DELETE FROM sessions s USING lapsed WHERE s.key = lapsed.key RETURNING s.key
            )
            SELECT (SELECT key FROM slice ORDER BY key DESC LIMIT 1), (SELECT count(*) FROM removed)
            """;

    private static final int SLICE_SIZE = 5_000;

    /** SQLSTATE classes of PostgreSQL, Appendix A: data exception, integrity constraint violation. */
    private static final List<String> DATA_STATES = List.of("22", "23");

    private final Jdbi jdbi;

    PostgresqlSessionRepository(Jdbi jdbi) {
        this.jdbi = jdbi;
        jdbi.registerArrayType(Short.class, "int2");
        jdbi.configure(StatementExceptions.class, it -> it.setMessageRendering(MessageRendering.NONE));
    }

    @Override
    public LoadedSessions load(Collection<SessionKey> keys) {
        return jdbi.withHandle(handle -> {
            Map<SessionKey, StoredSession> found = new HashMap<>();
            Instant[] now = new Instant[1];
            handle.createQuery(LOAD)
                    .bind("keys", keys(keys.stream()))
                    .map((rows, context) -> {
                        byte @Nullable [] key = rows.getBytes(1);
                        if (key == null) {
                            now[0] = rows.getObject(5, OffsetDateTime.class).toInstant();
                        } else {
                            found.put(
                                    SessionKey.of(key),
                                    new StoredSession(rows.getLong(2), rows.getInt(3), rows.getString(4)));
                        }
                        return found;
                    })
                    .list();
            return new LoadedSessions(found, now[0]);
        });
    }

    @Override
    public SavedSessions saveIfUnchanged(List<SessionSave> saves) {
        try {
            return jdbi.withHandle(handle -> {
                Map<SessionKey, Long> versions = new HashMap<>();
                Instant[] now = new Instant[1];
                handle.createQuery(SAVE)
                        .bind("keys", keys(saves.stream().map(SessionSave::key)))
                        .bindArray("bases", Long.class, column(saves, SessionSave::base))
                        .bindArray("decisions", Long.class, column(saves, save -> micros(save.decidedAt())))
                        .bindArray("lapses", Long.class, column(saves, save -> micros(save.lapsesAt())))
                        .bindArray("formats", Short.class, column(saves, save -> (short) save.format()))
                        .bindArray("documents", String.class, column(saves, SessionSave::document))
                        .bind("maxAge", MAX_DECISION_AGE_SECONDS)
                        .map((rows, context) -> {
                            byte @Nullable [] key = rows.getBytes(1);
                            if (key == null) {
                                now[0] = rows.getObject(3, OffsetDateTime.class).toInstant();
                            } else {
                                versions.put(SessionKey.of(key), rows.getLong(2));
                            }
                            return versions;
                        })
                        .list();
                return new SavedSessions(versions, now[0]);
            });
        } catch (UnableToExecuteStatementException e) {
            if (e.getCause() instanceof SQLException cause && isAboutData(cause)) {
                throw new RejectedDataException(e);
            }
            throw e;
        }
    }

    /** Walks the primary key in slices, each its own statement, and passes over rows that are being written. */
    @Override
    public long removeLapsed() {
        long removed = 0;
        byte[] after = new byte[0];
        while (true) {
            Slice slice = removeSlice(after);
            removed += slice.removed();
            if (slice.last().isEmpty()) {
                return removed;
            }
            after = slice.last().get().bytes();
        }
    }

    private Slice removeSlice(byte[] after) {
        return jdbi.withHandle(handle -> handle.createQuery(REMOVE_SLICE)
                .bind("after", after)
                .bind("size", SLICE_SIZE)
                .map((rows, context) ->
                        new Slice(Optional.ofNullable(rows.getBytes(1)).map(SessionKey::of), rows.getLong(2)))
                .one());
    }

    /** @param last the last key that was looked at; empty when there was none left */
    private record Slice(Optional<SessionKey> last, long removed) {}

    private static boolean isAboutData(SQLException cause) {
        String state = cause.getSQLState();
        return state != null && DATA_STATES.contains(state.substring(0, 2));
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    /** The driver takes binary arrays only as they are. */
    private static Argument keys(Stream<SessionKey> keys) {
        byte[][] bytes = keys.map(SessionKey::bytes).toArray(byte[][]::new);
        return (position, statement, context) ->
                statement.setArray(position, statement.getConnection().createArrayOf("bytea", bytes));
    }

    private static <T> List<T> column(List<SessionSave> saves, Function<SessionSave, T> value) {
        return saves.stream().map(value).toList();
    }
}
