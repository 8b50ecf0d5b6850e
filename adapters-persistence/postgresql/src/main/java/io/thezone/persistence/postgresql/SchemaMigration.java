package io.thezone.persistence.postgresql;

import com.codahale.metrics.MetricRegistry;
import com.google.common.base.Throwables;
import io.dropwizard.db.PooledDataSourceFactory;
import io.dropwizard.migrations.CloseableLiquibase;
import io.dropwizard.migrations.CloseableLiquibaseWithClassPathMigrationsFile;
import java.util.Map;
import liquibase.Scope;
import liquibase.UpdateSummaryOutputEnum;
import liquibase.exception.LiquibaseException;
import liquibase.ui.LoggerUIService;

/** Brings the schema up to date. */
final class SchemaMigration {
    private SchemaMigration() {}

    static void run(PooledDataSourceFactory database) throws Exception {
        try (CloseableLiquibase liquibase = new CloseableLiquibaseWithClassPathMigrationsFile(
                database.build(new MetricRegistry(), "migration"), PostgresqlStoreFactory.MIGRATIONS)) {
            // Its user interface is the console by default, not the log.
            Map<String, Object> quietly =
                    Map.of(Scope.Attr.ui.name(), new LoggerUIService(), "liquibase.analytics.enabled", false);
            liquibase.setShowSummaryOutput(UpdateSummaryOutputEnum.LOG);
            Scope.child(quietly, () -> SchemaLock.hold(database, liquibase, liquibase::update));
        } catch (LiquibaseException e) {
            throw new IllegalStateException(
                    "the schema of the database cannot be brought up to date (store.migrate): "
                            + Throwables.getRootCause(e).getMessage(),
                    e);
        }
    }
}
