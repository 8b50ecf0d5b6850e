package io.thezone.bootstrap;

import com.google.common.collect.Sets;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.db.DatabaseConfiguration;
import io.dropwizard.db.PooledDataSourceFactory;
import io.dropwizard.migrations.DbCommand;
import io.thezone.persistence.postgresql.DatabaseStore;
import io.thezone.persistence.postgresql.PostgresqlStoreFactory;
import io.thezone.persistence.postgresql.SchemaLock;
import java.io.IOException;
import java.util.Objects;
import java.util.Set;
import liquibase.Liquibase;
import net.sourceforge.argparse4j.inf.Namespace;
import org.jspecify.annotations.Nullable;

/** Runs the {@code db} commands on the configured store; commands that write hold the {@link SchemaLock}. */
final class DatabaseMigrations extends DbCommand<StreamServiceConfiguration> {
    static final String NAME = "db";

    private static final Set<String> WRITING =
            Set.of("clear-checksums", "drop-all", "fast-forward", "migrate", "rollback", "tag", "test");

    private static final Set<String> READING =
            Set.of("calculate-checksum", "dump", "generate-docs", "locks", "prepare-rollback", "status");

    static final Set<String> COMMANDS = Sets.union(READING, WRITING);

    private final Database database;

    DatabaseMigrations() {
        this(new Database());
    }

    private DatabaseMigrations(Database database) {
        super(NAME, database, StreamServiceConfiguration.class, PostgresqlStoreFactory.MIGRATIONS);
        this.database = database;
    }

    @Override
    public void run(Namespace namespace, Liquibase liquibase) throws Exception {
        // DbCommand keeps the name of the requested command under this key.
        if (WRITING.contains(namespace.getString("subcommand"))) {
            SchemaLock.hold(database.opened(), liquibase, () -> super.run(namespace, liquibase));
        } else {
            super.run(namespace, liquibase);
        }
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable failure) {
        CommandFailure.report(this, cli, failure);
    }

    /** Keeps the opened database, because an embedded server can be launched only once. */
    private static final class Database implements DatabaseConfiguration<StreamServiceConfiguration> {
        private @Nullable PooledDataSourceFactory opened;

        @Override
        public PooledDataSourceFactory getDataSourceFactory(StreamServiceConfiguration configuration) {
            if (!(configuration.store() instanceof DatabaseStore store)) {
                throw new IllegalStateException(
                        "the configured store has no schema: db commands need store.type postgresql"
                                + " or embedded-postgresql (STORE_TYPE)");
            }
            try {
                opened = store.database();
                return opened;
            } catch (IllegalStateException e) {
                throw e;
            } catch (IOException e) {
                throw new IllegalStateException("the database cannot be opened: " + CommandFailure.reason(e), e);
            } catch (Exception e) {
                throw new IllegalStateException("the database cannot be opened: " + e, e);
            }
        }

        PooledDataSourceFactory opened() {
            return Objects.requireNonNull(opened, "opened before a command runs");
        }
    }
}
