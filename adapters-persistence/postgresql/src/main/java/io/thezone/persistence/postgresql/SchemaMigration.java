package io.thezone.persistence.postgresql;

import com.codahale.metrics.MetricRegistry;
import com.google.common.base.Throwables;
import io.dropwizard.db.ManagedDataSource;
import io.dropwizard.db.PooledDataSourceFactory;
import java.sql.Connection;
import java.util.Map;
import liquibase.Liquibase;
import liquibase.Scope;
import liquibase.UpdateSummaryOutputEnum;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.LiquibaseException;
import liquibase.resource.ClassLoaderResourceAccessor;
import liquibase.ui.LoggerUIService;

/** Brings the schema up to date. */
final class SchemaMigration {
    private SchemaMigration() {}

    static void run(PooledDataSourceFactory database) throws Exception {
        ManagedDataSource dataSource = database.build(new MetricRegistry(), "migration");
        try (Connection connection = dataSource.getConnection();
                Liquibase liquibase = new Liquibase(
                        PostgresqlStoreFactory.MIGRATIONS,
                        new ClassLoaderResourceAccessor(),
                        new JdbcConnection(connection))) {
            // Liquibase writes to the console by default, not to the log.
            Map<String, Object> quietly =
                    Map.of(Scope.Attr.ui.name(), new LoggerUIService(), "liquibase.analytics.enabled", false);
            liquibase.setShowSummaryOutput(UpdateSummaryOutputEnum.LOG);
            Scope.child(quietly, () -> SchemaLock.hold(database, liquibase, liquibase::update));
        } catch (LiquibaseException e) {
            throw new IllegalStateException(
                    "the schema of the database cannot be brought up to date (store.migrate): "
                            + Throwables.getRootCause(e).getMessage(),
                    e);
        } finally {
            dataSource.stop();
        }
    }
}
