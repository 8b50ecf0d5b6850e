package io.thezone.bootstrap.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dropwizard.core.setup.Environment;
import io.thezone.bootstrap.support.CommandLine;
import io.thezone.bootstrap.support.DatabaseServer;
import io.thezone.persistence.postgresql.PostgresqlStore;
import io.thezone.persistence.spi.SessionRepository;
import io.thezone.rest.testing.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** {@code db} commands and starting nodes change the schema one at a time. */
@Timeout(60)
class DatabaseMigrationsTest {
    private static final Duration LIMIT = Duration.ofSeconds(20);
    private static final String LOCKED = "SELECT locked FROM databasechangeloglock";
    private static final String HOLDERS = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted";
    private static final String WAITING = "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND NOT granted";

    /** One for each test: within a process, Liquibase remembers which database was up to date. */
    private final DatabaseServer database;

    private final CommandLine jar;

    DatabaseMigrationsTest(@TempDir Path cluster, @TempDir Path directory) throws Exception {
        database = new DatabaseServer(cluster);
        jar = new CommandLine(directory, database.environment());
        assertEquals(Optional.empty(), db("migrate"));
    }

    @AfterEach
    void stop() throws IOException {
        database.close();
    }

    @Test
    void aLockOfAKilledCommandBlocksNoCommandAndIsShownByDbLocks() throws Exception {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("DROP VIEW active_streams");
            statement.execute("DELETE FROM databasechangelog WHERE id = '2-active-streams'");
            statement.execute(
                    "UPDATE databasechangeloglock SET locked = true, lockgranted = now(), lockedby = 'killed'");

            assertEquals(Optional.empty(), db("status"));
            assertEquals("t", queried(statement, LOCKED));
            assertEquals(Optional.empty(), db("migrate"));
            assertEquals("f", queried(statement, LOCKED));
            assertEquals("0", queried(statement, "SELECT count(*) FROM active_streams"));
        }
    }

    @Test
    void everyChangeOfTheSchemaCanBeRolledBackAndMadeAgain() throws Exception {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            String changes = queried(statement, "SELECT count(*) FROM databasechangelog");

            assertEquals(Optional.empty(), jar.run("db", "rollback", jar.config(), "-c", changes));
            assertEquals("0", queried(statement, "SELECT count(*) FROM databasechangelog"));
            assertEquals(Optional.empty(), db("migrate"));
            assertEquals("0", queried(statement, "SELECT count(*) FROM active_streams"));
        }
    }

    @Test
    void theNewestChangeOfTheSchemaDoesNotWaitForARunningNode() throws Exception {
        ExecutorService aside = Executors.newSingleThreadExecutor();
        try (Connection node = database.connect();
                Statement save = node.createStatement()) {
            node.setAutoCommit(false);
            save.execute("LOCK TABLE sessions IN ROW EXCLUSIVE MODE");

            Future<Optional<Throwable>> back = aside.submit(() -> jar.run("db", "rollback", jar.config(), "-c", "1"));
            assertEquals(Optional.empty(), back.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
            Future<Optional<Throwable>> forward = aside.submit(() -> db("migrate"));
            assertEquals(Optional.empty(), forward.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
        } finally {
            aside.shutdownNow();
        }
    }

    @Test
    void theCommentOfTheDocumentSaysThatItHoldsEndedStreamsToo() throws Exception {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            String comment = queried(
                    statement,
                    "SELECT col_description(attrelid, attnum) FROM pg_attribute"
                            + " WHERE attrelid = 'sessions'::regclass AND attname = 'streams'");

            assertTrue(comment.contains("streams that have ended"), comment);
        }
    }

    @Test
    void aNodeThatStartsWaitsForACommandThatWrites() throws Exception {
        ExecutorService both = Executors.newFixedThreadPool(2);
        try (Connection holding = database.connect();
                Connection looking = database.connect();
                Statement hold = holding.createStatement();
                Statement look = looking.createStatement()) {
            holding.setAutoCommit(false);
            hold.execute("LOCK TABLE databasechangelog");

            Future<Optional<Throwable>> command = both.submit(() -> db("migrate"));
            Eventually.within(LIMIT, () -> queried(look, HOLDERS).equals("1"), () -> "the command takes no lock");
            Future<SessionRepository> node = both.submit(this::open);
            Eventually.within(LIMIT, () -> queried(look, WAITING).equals("1"), () -> "the node does not wait");

            holding.rollback();
            assertEquals(Optional.empty(), command.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
            assertNotNull(node.get(LIMIT.toSeconds(), TimeUnit.SECONDS));
        } finally {
            both.shutdownNow();
        }
    }

    /** @return the failure, if the command failed */
    private Optional<Throwable> db(String command) {
        return jar.run("db", command, jar.config());
    }

    private SessionRepository open() throws Exception {
        PostgresqlStore.Access access = new PostgresqlStore.Access(database.url(), DatabaseServer.USER, "");
        return PostgresqlStore.open(new Environment("starting"), access, 1, true, true);
    }

    private static String queried(Statement statement, String query) throws SQLException {
        try (ResultSet rows = statement.executeQuery(query)) {
            assertTrue(rows.next());
            return rows.getString(1);
        }
    }
}
