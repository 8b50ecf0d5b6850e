package io.thezone.bootstrap.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.bootstrap.support.ServiceClient;
import io.thezone.bootstrap.support.ServiceProcess;
import io.thezone.rest.testing.Eventually;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The embedded PostgreSQL is restarted when it dies, and its data survive the end of the service. */
class EmbeddedStoreIT {
    private static final Duration REPAIR_TIME = Duration.ofSeconds(30);
    private static final Duration ENDING_TIME = Duration.ofSeconds(5);

    private final String session = "session-" + UUID.randomUUID();

    @Test
    void aPostgresqlThatDiesIsRestarted(@TempDir Path data) throws Exception {
        try (ServiceProcess service = start(data)) {
            ServiceClient client = service.client();
            assertEquals(200, client.watch(session, "before").statusCode());
            ProcessHandle postgres = service.postgres().orElseThrow();

            postgres.destroyForcibly();

            Set<Integer> statuses = new TreeSet<>();
            Eventually.within(
                    REPAIR_TIME,
                    () -> {
                        int status = client.watch(session, "after").statusCode();
                        statuses.add(status);
                        return status == 200 && service.postgres().isPresent();
                    },
                    service::log);
            assertTrue(Set.of(200, 503).containsAll(statuses), statuses::toString);
            assertEquals(Set.of("before", "after"), client.streams(session));
            assertTrue(service.postgres().orElseThrow().pid() != postgres.pid());
            Eventually.within(REPAIR_TIME, client::isUp, service::log);
        }
    }

    @Test
    void streamsSurviveARestartAndNoPostgresqlIsLeftBehind(@TempDir Path data) throws Exception {
        try (ServiceProcess service = start(data)) {
            assertEquals(200, service.client().watch(session, "kept").statusCode());
            assertEquals(List.of("kept"), activeStreams(data));
            ProcessHandle postgres = service.postgres().orElseThrow();

            service.terminate();
            service.awaitEnd();

            // PostgreSQL deletes postmaster.pid a moment before it ends.
            Eventually.within(ENDING_TIME, () -> postgres.info().command().isEmpty(), service::log);
            assertEquals(Optional.empty(), service.postgres());
        }
        try (ServiceProcess service = start(data)) {
            assertEquals(Set.of("kept"), service.client().streams(session));
        }
    }

    /** Queries the view as README.md explains; the driver reads the same service file as psql. */
    private static List<String> activeStreams(Path data) throws SQLException {
        System.setProperty(
                "org.postgresql.pgservicefile", data.resolve("pg_service.conf").toString());
        try (Connection connection = DriverManager.getConnection("jdbc:postgresql://?service=thezone");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("TABLE active_streams")) {
            List<String> ids = new ArrayList<>();
            while (rows.next()) {
                ids.add(rows.getString("stream_id"));
            }
            return ids;
        } finally {
            System.clearProperty("org.postgresql.pgservicefile");
        }
    }

    private static ServiceProcess start(Path data) throws Exception {
        return ServiceProcess.start(Map.of("DATA_DIR", data.toString()));
    }
}
