package io.thezone.persistence.postgresql;

import com.codahale.metrics.MetricRegistry;
import io.dropwizard.db.ManagedDataSource;
import io.dropwizard.db.PooledDataSourceFactory;
import java.sql.Connection;
import java.sql.Statement;
import liquibase.Liquibase;
import liquibase.lockservice.LockServiceFactory;

/** Lets one at a time write the schema: of all nodes that start and all {@code db} commands. */
public final class SchemaLock {
    /** Any number will do, as long as every version of the service uses the same. */
    private static final long KEY = 0x7468657A6F6E65L;

    /** What is done under the lock. */
    public interface Work {
        void run() throws Exception;
    }

    private SchemaLock() {}

    /**
     * Liquibase's own lock is a row that outlives a killed process. So all queue for a lock that PostgreSQL drops with the
     * connection; whoever holds it knows that a row which says "locked" was left behind. It is a transaction's, so it also
     * holds behind a pooler that shares connections.
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
