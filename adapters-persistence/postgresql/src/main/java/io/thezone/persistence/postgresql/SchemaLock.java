package io.thezone.persistence.postgresql;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.db.ManagedDataSource;
import io.dropwizard.db.PooledDataSourceFactory;
import java.sql.Connection;
import java.sql.Statement;
import liquibase.Liquibase;
import liquibase.lockservice.LockServiceFactory;

/** Lets one process at a time change the schema, among all starting nodes and {@code db} commands. */
public final class SchemaLock {
    /** An arbitrary number, which no version of the service may change. */
    private static final long KEY = 0x7468657A6F6E65L;

    /** A change of the schema. */
    public interface Work {
        void run() throws Exception;
    }

    private SchemaLock() {}

    /**
     * Runs a change while holding an advisory lock, which PostgreSQL releases when the connection breaks. Liquibase's own lock is a
     * row that outlives a killed process; under the advisory lock such a row is known to be stale, and is released. The lock is
     * bound to a transaction, so that it also works behind a pooler that shares connections.
     */
    public static void hold(PooledDataSourceFactory database, Liquibase liquibase, Work work) throws Exception {
        ManagedDataSource dataSource = database.build(new MetricRegistry(), "schema-lock");
        try (Connection guard = dataSource.getConnection();
                Statement statement = guard.createStatement()) {
            guard.setAutoCommit(false);
            statement.execute("SELECT pg_advisory_xact_lock(" + KEY + ")");
            LockServiceFactory.getInstance()
                    .getLockService(liquibase.getDatabase())
                    .forceReleaseLock();
            work.run();
            guard.rollback();
        } finally {
            dataSource.stop();
        }
    }
}
