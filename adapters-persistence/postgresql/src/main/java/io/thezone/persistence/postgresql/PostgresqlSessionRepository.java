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
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;
import java.util.function.IntFunction;
import org.jdbi.v3.core.ConnectionException;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.core.statement.StatementExceptions.MessageRendering;
import org.jdbi.v3.core.statement.UnableToExecuteStatementException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps sessions in the table {@code sessions}. Each call is one autocommit statement, so no transaction stays open between two
 * messages, and a paused node holds no locks. Rows are written in key order, so concurrent batches never deadlock.
 */
final class PostgresqlSessionRepository implements SessionRepository {
    /**
     * Loads sessions, with the time by {@code now()}, the start of the transaction. It is PostgreSQL's only clock that is certain to be
     * before the snapshot: {@code statement_timestamp()} is set again when a statement that has its snapshot is executed.
     */
    private static final String LOAD = "SELECT NULL::uuid AS key, 0::bigint AS version, 0::smallint AS format,"
            + " NULL::text AS document, now() AS time"
            + " UNION ALL"
            + " SELECT key, version, format, CASE WHEN octet_length(streams) <= :maxSize THEN streams END, NULL"
            + " FROM sessions WHERE key = ANY (:keys)";

    /** Maximum size of a document that is read, in bytes; the service writes less than half. A larger one would delay its whole batch. */
    private static final int MAX_DOCUMENT_SIZE = 8 << 20;

    /**
     * Inserts new sessions, then updates the rows that still have the contents that the save is based on, in key order.
     *
     * <p>All inserts come before the first update, which the condition on {@code count(*)} enforces: an insert can wait for existing
     * and new rows of another batch, an update only for existing ones, so two batches never wait for each other. {@code nextval} is
     * called while the row is locked, so the versions of a row only grow. {@code IS NOT DISTINCT FROM} prevents joins by anything but
     * the key, which would hash or sort the documents of all rows. Times are cast to double, which is exact for microseconds until
     * the year 2255, and cheaper than numeric.
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
     * Appended to {@link #SAVE}: makes the commit wait for the disk if {@code synchronous_commit} is off, and keeps stricter settings.
     * It is set in the transaction, so no pooler drops it and no setting of a role overrides it.
     */
    static final String DURABLY =
            """
            FROM set_config('synchronous_commit',
              CASE current_setting('synchronous_commit') WHEN 'off' THEN 'on' ELSE current_setting('synchronous_commit') END,
              true)
            """;

    /** Removes lapsed sessions in a slice of keys. Only rows that had lapsed when the slice was read are read again and locked. */
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
     * Planner settings of the connections on which these statements run. Every statement must visit rows in key order through the primary
     * key: freedom from deadlock depends on it. With them, a generic plan made for an empty table remains good as the table grows.
     */
    static final List<String> PLANNER = List.of(
            "plan_cache_mode=force_generic_plan",
            "enable_seqscan=off",
            "enable_hashjoin=off",
            "enable_mergejoin=off",
            "jit=off");

    /** Rows in a slice: each may need a read from a cold disk, and a slice must finish within the statement timeout. */
    private static final int SLICE_SIZE = 1_000;

    /** Prefixes of SQLSTATEs (PostgreSQL, Appendix A): data exception, integrity constraint violation, data corrupted. */
    private static final List<String> DATA_STATES = List.of("22", "23", "XX001");

    /** Prefixes of SQLSTATEs after which the outcome is unknown, because the connection broke or was terminated. */
    private static final List<String> UNKNOWN_STATES = List.of("08", "57P");

    private final Jdbi jdbi;
    private final String save;
    private final SaveBreaker breaker;

    /** The key after which the next clean-up begins. */
    private volatile UUID beginning = SessionKey.NOBODY.uuid();

    /** @param durable whether saved sessions must survive a crash of the server, whatever its {@code synchronous_commit} is */
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
                    .bindArray("keys", column(keys, SessionKey::uuid, UUID[]::new))
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
                    .bindArray("keys", column(saves, it -> it.key().uuid(), UUID[]::new))
                    .bindArray("baseVersions", column(saves, base(StoredSession::version), Long[]::new))
                    .bindArray("baseFormats", column(saves, base(StoredSession::format), Integer[]::new))
                    .bindArray("baseDocuments", column(saves, base(StoredSession::document), String[]::new))
                    .bindArray("decisions", column(saves, it -> micros(it.decidedAt()), Long[]::new))
                    .bindArray("lapses", column(saves, it -> micros(it.lapsesAt()), Long[]::new))
                    .bindArray("formats", column(saves, SessionSave::format, Integer[]::new))
                    .bindArray("documents", column(saves, SessionSave::document, String[]::new))
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
     * Removes lapsed sessions in slices of the primary key, each in its own statement, and skips rows that are locked. After each slice it
     * pauses for as long as the slice took, so that requests have priority. After a failure the next call continues with that
     * slice; otherwise later keys might never be reached.
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

    /** @param last the last key of the slice; empty if there was none left */
    private record Slice(Optional<UUID> last, long removed) {}

    private static boolean isAboutData(String state) {
        return DATA_STATES.stream().anyMatch(state::startsWith);
    }

    /** @return the SQLSTATE, or an empty text if there is none */
    private static String state(JdbiException e) {
        return Throwables.getRootCause(e) instanceof SQLException cause && cause.getSQLState() != null
                ? cause.getSQLState()
                : "";
    }

    private static long micros(Instant time) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, time);
    }

    /** Returns a function for a value of the base; null if the session was absent. */
    private static <T> Function<SessionSave, @Nullable T> base(Function<StoredSession, T> value) {
        return save -> save.base().map(value).orElse(null);
    }

    /** An array, because JDBI examines the generic type of a collection anew each time it is bound. */
    private static <S, T extends @Nullable Object> T[] column(
            Collection<S> rows, Function<S, T> value, IntFunction<T[]> array) {
        return rows.stream().map(value).toArray(array);
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
