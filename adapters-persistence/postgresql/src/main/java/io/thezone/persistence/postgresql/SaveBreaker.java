package io.thezone.persistence.postgresql;

import io.thezone.persistence.spi.NotSavedException;
import io.thezone.persistence.spi.RejectedDataException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jdbi.v3.core.Jdbi;

/**
 * A circuit breaker for statements that write. It opens when the outcome of a statement is unknown. While open it lets one
 * statement at a time through, and only when no earlier one of any node is still waiting in the database; a success closes it.
 *
 * <p>Reason: a backend whose commit waits for a synchronous standby or a disk that hangs does not notice that its client has given
 * up, so each retry would leave one more behind, until the database accepts no connection. Waiting backends are not terminated:
 * PostgreSQL would then make the commit visible although no standby has it.
 */
final class SaveBreaker {
    /** Finds writes that are active for longer than the statement timeout allows: they must be waiting in their commit. */
    private static final String WAITING_IN_COMMIT =
            """
            SELECT count(*) FROM pg_stat_activity
            WHERE datname = current_database() AND usename = session_user AND state = 'active'
              AND (query LIKE 'WITH saves AS %' OR query LIKE 'WITH slice AS %')
              AND query_start < clock_timestamp() - interval '900 milliseconds'
            """;

    private final Jdbi jdbi;
    private final AtomicBoolean halfOpen = new AtomicBoolean();
    private volatile boolean open;

    SaveBreaker(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** @throws NotSavedException if the breaker is open, and the statement was not run */
    <T> T run(Supplier<T> statement) {
        if (!open) {
            return runOrOpen(statement);
        }
        if (!halfOpen.compareAndSet(false, true)) {
            throw new NotSavedException("another save is testing whether the database accepts any");
        }
        try {
            if (waitingInCommit() > 0) {
                throw new NotSavedException(
                        "an earlier save still waits in the database, maybe for a synchronous standby that is away");
            }
            T result = runOrOpen(statement);
            open = false;
            return result;
        } finally {
            halfOpen.set(false);
        }
    }

    private <T> T runOrOpen(Supplier<T> statement) {
        try {
            return statement.get();
        } catch (NotSavedException | RejectedDataException e) {
            throw e;
        } catch (RuntimeException e) {
            open = true;
            throw e;
        }
    }

    private long waitingInCommit() {
        try {
            return jdbi.withHandle(handle ->
                    handle.createQuery(WAITING_IN_COMMIT).mapTo(Long.class).one());
        } catch (RuntimeException e) {
            throw new NotSavedException(e);
        }
    }
}
