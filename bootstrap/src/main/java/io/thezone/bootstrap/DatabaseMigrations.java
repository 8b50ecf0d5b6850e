package io.thezone.bootstrap;

import io.dropwizard.db.PooledDataSourceFactory;
import io.dropwizard.migrations.MigrationsBundle;
import io.thezone.persistence.postgresql.DatabaseStore;
import io.thezone.persistence.postgresql.PostgresqlStoreFactory;

/** The {@code db} commands, on the store that is configured. */
final class DatabaseMigrations extends MigrationsBundle<StreamServiceConfiguration> {
    @Override
    public PooledDataSourceFactory getDataSourceFactory(StreamServiceConfiguration configuration) {
        if (!(configuration.store() instanceof DatabaseStore store)) {
            throw new IllegalStateException("the configured store has no schema: db commands need store.type postgresql"
                    + " or embedded-postgresql");
        }
        try {
            return store.database();
        } catch (Exception e) {
            throw new IllegalStateException("the database cannot be opened: " + e.getMessage(), e);
        }
    }

    @Override
    public String getMigrationsFileName() {
        return PostgresqlStoreFactory.MIGRATIONS;
    }
}
