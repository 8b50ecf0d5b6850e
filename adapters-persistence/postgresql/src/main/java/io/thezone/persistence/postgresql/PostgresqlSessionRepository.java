package io.thezone.persistence.postgresql;

import com.google.common.base.Throwables;
import io.thezone.persistence.spi.LoadedSessions;
import io.thezone.persistence.spi.NotSavedException;
import io.thezone.persistence.spi.RejectedDataException;
import io.thezone.persistence.spi.SavedSessions;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.SessionRepository;
import io.thezone.persistence.spi.SessionSave;
import io.thezone.persistence.spi.SharedFacts;
import io.thezone.persistence.spi.StoredSession;
import io.thezone.persistence.spi.TimeLimits;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/**
 * Each call is one autocommit statement: no transaction is held open between two messages, so a paused node holds no locks.
 * Rows are written in the order of the keys, so concurrent batches never deadlock.
 */
final class PostgresqlSessionRepository implements SessionRepository {
    /**
     * {@code now()} is when the transaction began, so before its snapshot; of the clocks that PostgreSQL has only that is sure
     * to be. Even {@code statement_timestamp()} is set once more when the statement, with a snapshot already, is executed.
     */
    private static final String LOAD = "SELECT NULL::uuid AS key, 0::bigint AS version, 0::smallint AS format,"
            + " NULL::text AS document, now() AS time"
            + " UNION ALL"
            + " SELECT key, version, format, CASE WHEN octet_length(streams) <= :maxSize THEN streams END, NULL"
            + " FROM sessions WHERE key = ANY (:keys)";

    /** In bytes. The largest that the service writes has less than half; one of any size would hold up all that are read with it. */
    private static final int MAX_DOCUMENT_SIZE = 8 << 20;

    /**
     * Inserts what is new, then updates the rows that still hold what was decided on, in the order of the keys. An
     * insert waits for rows that another batch writes, known or new, while an update waits for known rows only: all inserts
     * come before the first update (the count sees to it), so that no two batches wait for each other. The sequence is drawn
     * from while the row is locked, so versions of a row only grow. {@code IS NOT DISTINCT FROM} keeps the planner from joining by
     * anything but the key, which would hash or sort the documents of all rows. Times are cast to double, which is exact for microseconds
     * until the year 2255 and cheaper than numeric.
     */
    private static final String SAVE =
            """
            WITH saves AS MATERIALIZED (
              SELECT *
              FROM unnest(
                  :keys, :baseVersions, :baseFormats, :baseDocuments, :decisions, :lapses, :formats, :documents)
                AS save (key, base_version, base_format, base_document, decided_at, lapses_at, format, document)
            ), inserted AS (
              INSERT INTO sessions (key, version, format, streams, lapses_at)
              SELECT key, nextval('session_version'), format, document, to_timestamp(lapses_at::float8 / 1e6)
              FROM saves
              WHERE base_version IS NULL
                AND to_timestamp(decided_at::float8 / 1e6) >= clock_timestamp() - :maxAge * interval '1 second'
              ON CONFLICT (key) DO NOTHING
              RETURNING key, version
            ), updated AS (
              UPDATE sessions s
              SET version = nextval('session_version'), format = v.format, streams = v.document,
                lapses_at = to_timestamp(v.lapses_at::float8 / 1e6)
              FROM saves v
              WHERE s.key = v.key
                AND s.version IS NOT DISTINCT FROM v.base_version
                AND s.format IS NOT DISTINCT FROM v.base_format
                AND s.streams IS NOT DISTINCT FROM v.base_document
                AND to_timestamp(v.decided_at::float8 / 1e6) >= clock_timestamp() - :maxAge * interval '1 second'
                AND (SELECT count(*) FROM inserted) >= 0
              RETURNING s.key, s.version
            )
            SELECT key, version, NULL::timestamptz AS time FROM updated
            UNION ALL
            SELECT key, version, NULL FROM inserted
            UNION ALL
            SELECT NULL, 0, clock_timestamp()
            """;

    /**
     * Behind {@link #SAVE}: where the server need not have a commit on its disk before it answers, this one it must. A setting
     * within the transaction, which no pooler drops and no role overrides; stricter ones are kept.
     */
    static final String DURABLY =
            """
            FROM set_config('synchronous_commit',
              CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END,
              true)
            """;

    /** Only what had lapsed when the slice was read is looked up again, and locked. */
    private static final String REMOVE_SLICE =
            """
            WITH slice AS MATERIALIZED (
              SELECT key, lapses_at FROM sessions WHERE key > :after ORDER BY key LIMIT :size
            ), lapsed AS MATERIALIZED (
              SELECT s.key FROM sessions s JOIN slice USING (key)
              WHERE slice.lapses_at < clock_timestamp() AND s.lapses_at < clock_timestamp()
              ORDER BY s.key
              FOR UPDATE OF s SKIP LOCKED
            ), removed AS (
              DELETE FROM sessions s USING lapsed WHERE s.key = lapsed.key RETURNING s.key
            )
            SELECT (SELECT key FROM slice ORDER BY key DESC LIMIT 1) AS last, (SELECT count(*) FROM removed) AS removed
            """;

    /**
     * Settings of the planner for the connections on which these statements run. Each must visit rows in key order through the primary
     * key: freedom from deadlock depends on it. A generic plan, made while the table was empty, stays right as it grows.
     */
    static final List<String> PLANNER = List.of(
            "plan_cache_mode=force_generic_plan",
            "enable_seqscan=off",
            "enable_hashjoin=off",
            "enable_mergejoin=off",
            "jit=off");

    /** Each row may cost a read from a cold disk, and a slice has the time of a statement. */
    private static final int SLICE_SIZE = 1_000;

    /** SQLSTATEs of PostgreSQL, Appendix A, begin so: data exception, integrity constraint violation, data corrupted. */
    private static final List<String> DATA_STATES = List.of("22", "23", "XX001");

    /** Of errors after which a commit is possible: the connection broke, or was ended. After every other there was none. */
    private static final List<String> UNKNOWN_STATES = List.of("08", "57P");

    private final Jdbi jdbi;
    private final String save;
    private final SaveBreaker breaker;

    /** The key after which the next walk begins. */
    private volatile UUID beginning = SessionKey.NOBODY.uuid();

    /** @param durable whether what was saved must survive a crash of the server, whatever its settings say */
    PostgresqlSessionRepository(Jdbi jdbi, boolean durable) {
        this.jdbi = jdbi;
        this.save = durable ? SAVE + DURABLY : SAVE;
        this.breaker = new SaveBreaker(jdbi);
        jdbi.configure(StatementExceptions.class, it -> it.setMessageRendering(MessageRendering.NONE));
        jdbi.registerArrayType(UUID.class, "uuid")
                .registerArrayType(Long.class, "int8")
                .registerArrayType(Integer.class, "int4")
                .registerArrayType(String.class, "text");
    }

    @Override
    public LoadedSessions load(Collection<SessionKey> keys) {
        try {
            return jdbi.withHandle(handle -> handle.createQuery(LOAD)
                    .bindArray(
                            "keys",
                            UUID.class,
                            keys.stream().map(SessionKey::uuid).toList())
                    .bind("maxSize", MAX_DOCUMENT_SIZE)
                    .reduceResultSet(new Loaded(), Loaded::with)
                    .toSessions());
        } catch (JdbiException e) {
            throw isAboutData(state(e)) ? new RejectedDataException(e) : e;
        }
    }

    @Override
    public SavedSessions saveIfUnchanged(List<SessionSave> saves) {
        return breaker.run(() -> save(saves));
    }

    private SavedSessions save(List<SessionSave> saves) {
        try {
            return jdbi.withHandle(handle -> handle.createQuery(save)
                    .bindArray("keys", UUID.class, column(saves, it -> it.key().uuid()))
                    .bindArray("baseVersions", Long.class, base(saves, StoredSession::version))
                    .bindArray("baseFormats", Integer.class, base(saves, StoredSession::format))
                    .bindArray("baseDocuments", String.class, base(saves, StoredSession::document))
                    .bindArray("decisions", Long.class, column(saves, it -> micros(it.decidedAt())))
                    .bindArray("lapses", Long.class, column(saves, it -> micros(it.lapsesAt())))
                    .bindArray("formats", Integer.class, column(saves, SessionSave::format))
                    .bindArray("documents", String.class, column(saves, SessionSave::document))
                    .bind("maxAge", TimeLimits.DECISION_AGE.toSeconds())
                    .reduceResultSet(new Saved(), Saved::with)
                    .toSessions());
        } catch (UnableToExecuteStatementException e) {
            String state = state(e);
            if (isAboutData(state)) {
                throw new RejectedDataException(e);
            }
            if (!state.isEmpty() && UNKNOWN_STATES.stream().noneMatch(state::startsWith)) {
                throw new NotSavedException(e);
            }
            throw e;
        } catch (ConnectionException e) {
            throw new NotSavedException(e);
        } catch (ArithmeticException e) {
            throw new RejectedDataException(e);
        }
    }

    /**
     * Walks the primary key in slices, each its own statement, and passes over rows that are being written. Rests as long as it
     * works, so that it leaves the store to the requests. Where a slice fails the next walk begins, or the rest would never be
     * reached if one in each walk failed.
     */
    @Override
    public long removeLapsed() {
        long removed = 0;
        Optional<UUID> last = Optional.of(beginning);
        beginning = SessionKey.NOBODY.uuid();
        while (last.isPresent()) {
            UUID after = last.get();
            long began = System.nanoTime();
            try {
                Slice slice = removeSlice(after);
                removed += slice.removed();
                last = slice.last();
                LockSupport.parkNanos(System.nanoTime() - began);
            } catch (RuntimeException e) {
                beginning = after;
                throw e;
            }
        }
        return removed;
    }

    @Override
    public Optional<SharedFacts> facts() {
        return Optional.of(new PostgresqlFacts(jdbi));
    }

    private Slice removeSlice(UUID after) {
        return breaker.run(() -> jdbi.withHandle(handle -> handle.createQuery(REMOVE_SLICE)
                .bind("after", after)
                .bind("size", SLICE_SIZE)
                .map((row, context) ->
                        new Slice(Optional.ofNullable(row.getObject("last", UUID.class)), row.getLong("removed")))
                .one()));
    }

    /** @param last the last key that was looked at; empty when there was none left */
    private record Slice(Optional<UUID> last, long removed) {}

    private static boolean isAboutData(String state) {
        return DATA_STATES.stream().anyMatch(state::startsWith);
    }

    /** Empty where the database did not say. */
    private static String state(JdbiException e) {
        return Throwables.getRootCause(e) instanceof SQLException cause && cause.getSQLState() != null
                ? cause.getSQLState()
                : "";
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    /** Returns a value of each base; null for the bases of absent sessions. */
    private static <T> List<@Nullable T> base(List<SessionSave> saves, Function<StoredSession, T> value) {
        return column(saves, save -> save.base().map(value).orElse(null));
    }

    private static <T extends @Nullable Object> List<T> column(
            List<SessionSave> saves, Function<SessionSave, T> value) {
        List<T> values = new ArrayList<>(saves.size());
        saves.forEach(save -> values.add(value.apply(save)));
        return values;
    }

    /** Collects the rows of {@link #LOAD}: one for each session, and one with the time. */
    private static final class Loaded {
        private final Map<SessionKey, StoredSession> sessions = new HashMap<>();
        private Instant time = Instant.EPOCH;

        Loaded with(ResultSet row, StatementContext context) throws SQLException {
            UUID key = row.getObject("key", UUID.class);
            if (key == null) {
                time = time(row);
            } else {
                sessions.put(SessionKey.of(key), session(row));
            }
            return this;
        }

        private static StoredSession session(ResultSet row) throws SQLException {
            String document = row.getString("document");
            if (document == null) {
                throw new RejectedDataException(
                        new IllegalArgumentException("its document has more than " + MAX_DOCUMENT_SIZE + " bytes"));
            }
            return new StoredSession(row.getLong("version"), row.getInt("format"), document);
        }

        LoadedSessions toSessions() {
            return new LoadedSessions(sessions, time);
        }
    }

    /** Collects the rows of {@link #SAVE}: one for each session that was saved, and one with the time. */
    private static final class Saved {
        private final Map<SessionKey, Long> versions = new HashMap<>();
        private Instant time = Instant.EPOCH;

        Saved with(ResultSet row, StatementContext context) throws SQLException {
            UUID key = row.getObject("key", UUID.class);
            if (key == null) {
                time = time(row);
            } else {
                versions.put(SessionKey.of(key), row.getLong("version"));
            }
            return this;
        }

        SavedSessions toSessions() {
            return new SavedSessions(versions, time);
        }
    }

    private static Instant time(ResultSet row) throws SQLException {
        return row.getObject("time", OffsetDateTime.class).toInstant();
    }
}
