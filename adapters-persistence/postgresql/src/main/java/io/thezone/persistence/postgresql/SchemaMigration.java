package io.thezone.persistence.postgresql;

import com.codahale.metrics.MetricRegistry;
import com.google.common.base.Throwables;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.db.ManagedDataSource;
import java.sql.Connection;
import java.sql.Statement;
import java.util.Map;
import liquibase.Liquibase;
import liquibase.Scope;
import liquibase.UpdateSummaryOutputEnum;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.LiquibaseException;
import liquibase.resource.ClassLoaderResourceAccessor;
import liquibase.ui.LoggerUIService;

/** Brings the schema up to date, at most one node at a time. */
final class SchemaMigration {
    /** Any number will do, as long as every version of the service uses the same. */
    private static final long ADVISORY_LOCK = 0x7468657A6F6E65L;

    private SchemaMigration() {}

    /**
     * Liquibase's own lock is a row that outlives a killed node. So nodes queue for a lock that PostgreSQL drops with the
     * connection; whoever holds it knows that a row which says "locked" was left behind.
     */
    static void run(DataSourceFactory database) throws Exception {
        ManagedDataSource dataSource = database.build(new MetricRegistry(), "migration");
        dataSource.start();
        try (Connection guard = dataSource.getConnection();
                Statement statement = guard.createStatement()) {
            guard.setAutoCommit(false);
            statement.execute("SELECT pg_advisory_xact_lock(" + ADVISORY_LOCK + ")");
            migrate(dataSource);
            guard.rollback();
        } finally {
            dataSource.stop();
        }
    }

    private static void migrate(ManagedDataSource dataSource) throws Exception {
        try (Connection connection = dataSource.getConnection();
                Liquibase liquibase = new Liquibase(
                        PostgresqlStoreFactory.MIGRATIONS,
                        new ClassLoaderResourceAccessor(),
                        new JdbcConnection(connection))) {
            // Its user interface is the console by default, not the log.
            Map<String, Object> quietly =
                    Map.of(Scope.Attr.ui.name(), new LoggerUIService(), "liquibase.analytics.enabled", false);
            liquibase.setShowSummaryOutput(UpdateSummaryOutputEnum.LOG);
            Scope.child(quietly, () -> {
                liquibase.forceReleaseLocks();
                liquibase.update();
            });
        } catch (LiquibaseException e) {
            throw new IllegalStateException(
                    "the schema of the database cannot be brought up to date (store.migrate): "
                            + Throwables.getRootCause(e).getMessage(),
                    e);
        }
    }
}
