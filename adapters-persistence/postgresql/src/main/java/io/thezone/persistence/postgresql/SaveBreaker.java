package io.thezone.persistence.postgresql;

import io.thezone.persistence.spi.NotSavedException;
import io.thezone.persistence.spi.RejectedDataException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jdbi.v3.core.Jdbi;

/**
 * A circuit breaker for statements that write. A backend whose commit waits for a synchronous standby, or for a disk that
 * hangs, does not notice that its client has given up: each new try would leave one more behind, until the database takes no
 * connection. So after a try whose outcome is not known one thread tries at a time, and only once no try is left waiting,
 * whichever node left it. None is ended: with its end the commit would become visible, and no standby would have it.
 */
final class SaveBreaker {
    /** Longer than a statement may take: only a commit does. */
    private static final String LEFT_WAITING =
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND usename = session_user AND state = 'active'
              AND (query LIKE 'WITH saves AS %' OR query LIKE 'WITH slice AS %')
              AND query_start < clock_timestamp() - interval '900 milliseconds'
            """;

    private final Jdbi jdbi;
    private final AtomicBoolean trying = new AtomicBoolean();
    private volatile boolean open;

    SaveBreaker(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** @throws NotSavedException if the statement was not tried */
    <T> T run(Supplier<T> statement) {
        if (!open) {
            return tried(statement);
        }
        if (!trying.compareAndSet(false, true)) {
            throw new NotSavedException("another save is finding out whether the database takes any");
        }
        try {
            if (leftWaiting() > 0) {
                throw new NotSavedException(
                        "an earlier save still waits in the database, maybe for a synchronous standby that is away");
            }
            T result = tried(statement);
            open = false;
            return result;
        } finally {
            trying.set(false);
        }
    }

    private <T> T tried(Supplier<T> statement) {
        try {
            return statement.get();
        } catch (NotSavedException | RejectedDataException e) {
            throw e;
        } catch (RuntimeException e) {
            open = true;
            throw e;
        }
    }

    private long leftWaiting() {
        try {
            return jdbi.withHandle(
                    handle -> handle.createQuery(LEFT_WAITING).mapTo(Long.class).one());
        } catch (RuntimeException e) {
            throw new NotSavedException(e);
        }
    }
}
