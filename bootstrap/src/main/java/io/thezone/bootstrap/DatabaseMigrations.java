package io.thezone.bootstrap;

import io.dropwizard.core.cli.Cli;
import io.dropwizard.db.PooledDataSourceFactory;
import io.dropwizard.migrations.DbCommand;
import io.thezone.persistence.postgresql.DatabaseStore;
import io.thezone.persistence.postgresql.PostgresqlStoreFactory;
import net.sourceforge.argparse4j.inf.Namespace;

/** The {@code db} commands, on the store that is configured. */
final class DatabaseMigrations extends DbCommand<StreamServiceConfiguration> {
    DatabaseMigrations() {
        super("db", DatabaseMigrations::database, StreamServiceConfiguration.class, PostgresqlStoreFactory.MIGRATIONS);
    }

    private static PooledDataSourceFactory database(StreamServiceConfiguration configuration) {
        if (!(configuration.store() instanceof DatabaseStore store)) {
            throw new IllegalStateException("the configured store has no schema: db commands need store.type postgresql"
                    + " or embedded-postgresql (STORE_TYPE)");
        }
        try {
            return store.database();
        } catch (IllegalStateException e) {
            throw e;
        } catch (Exception e) {
            throw new IllegalStateException("the database cannot be opened: " + e, e);
        }
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable failure) {
        CommandFailure.report(this, cli, failure);
    }
}
