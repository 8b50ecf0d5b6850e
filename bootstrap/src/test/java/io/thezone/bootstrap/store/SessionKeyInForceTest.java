package io.thezone.bootstrap.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dropwizard.testing.ConfigOverride;
import io.thezone.bootstrap.StreamServiceApplication;
import io.thezone.bootstrap.support.CommandLine;
import io.thezone.bootstrap.support.DatabaseServer;
import io.thezone.bootstrap.support.RunningService;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A node with another session key does not start, because each session would then have two quotas. */
@Timeout(120)
class SessionKeyInForceTest {
    @Test
    void aNodeWithAnotherKeyDoesNotStartUntilAnOperatorChangesIt(@TempDir Path cluster, @TempDir Path directory)
            throws Exception {
        try (DatabaseServer database = new DatabaseServer(cluster)) {
            start(database, "one").close();
            start(database, "one").close();
            String refusal = String.valueOf(assertThrows(IllegalStateException.class, () -> start(database, "two"))
                    .getMessage());
            assertTrue(refusal.contains("SESSION_KEY") && refusal.contains("change-session-key"), refusal);
            String kept = fingerprint(database);
            assertFalse(kept.contains("one"), kept);

            CommandLine jar = new CommandLine(directory, database.environment(), "SESSION_KEY", "two");
            assertEquals(Optional.empty(), jar.run("change-session-key", jar.config()));
            String changed = fingerprint(database);
            assertEquals(Optional.empty(), jar.run("change-session-key", jar.config()));
            assertEquals(changed, fingerprint(database), "the second time nothing is changed");

            start(database, "two").close();
            assertThrows(IllegalStateException.class, () -> start(database, "one"));
        }
    }

    @Test
    void aStoreThatEndsWithItsNodeHasNoKeyInForce(@TempDir Path directory) throws Exception {
        CommandLine jar = new CommandLine(directory, Map.of("STORE_TYPE", "memory"));
        String failure =
                jar.run("change-session-key", jar.config()).orElseThrow().toString();
        assertTrue(failure.contains("ends with its node"), failure);
    }

    private static RunningService start(DatabaseServer database, String key) throws Exception {
        List<ConfigOverride> settings = new ArrayList<>();
        settings.add(ConfigOverride.config("store.type", "postgresql"));
        settings.add(ConfigOverride.config("store.url", database.url()));
        settings.add(ConfigOverride.config("store.user", DatabaseServer.USER));
        settings.add(ConfigOverride.config("cache.type", "none"));
        settings.add(ConfigOverride.config("sessionKey", key));
        return RunningService.start(StreamServiceApplication.class, settings.toArray(ConfigOverride[]::new));
    }

    private static String fingerprint(DatabaseServer database) throws Exception {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT value FROM installation WHERE name = 'session-key'")) {
            assertTrue(rows.next());
            return rows.getString(1);
        }
    }
}
