package io.thezone.bootstrap;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Map;

/** A PostgreSQL server beside the service, durable, that can go away and come back where it was. */
final class DatabaseServer implements AutoCloseable {
    static final String USER = "postgres";

    private final Path cluster;
    private final int port;
    private EmbeddedPostgres server;

    DatabaseServer(Path cluster) throws IOException {
        this.cluster = cluster;
        this.server = builder(cluster).start();
        this.port = server.getPort();
    }

    /** What the service needs to use it. */
    Map<String, String> environment() {
        return Map.of("STORE_TYPE", "postgresql", "DATABASE_URL", url(), "DATABASE_USER", USER);
    }

    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    Connection connect() throws SQLException {
        return server.getPostgresDatabase().getConnection();
    }

    /** Connections are refused from here on. */
    void stop() throws IOException {
        server.close();
    }

    /** On the same port and data. */
    void startAgain() throws IOException {
        server = builder(cluster).setPort(port).start();
    }

    /** Connections are taken, and nothing is ever answered. */
    void freeze() throws IOException, InterruptedException {
        PostgresProcess.signal("STOP", process());
    }

    void thaw() throws IOException, InterruptedException {
        PostgresProcess.signal("CONT", process());
    }

    /** Loads are answered from here on, and saves are refused. */
    void makeReadOnly() throws SQLException {
        configure("ALTER SYSTEM SET default_transaction_read_only = on");
    }

    void makeWritable() throws SQLException {
        configure("ALTER SYSTEM RESET default_transaction_read_only");
    }

    private void configure(String setting) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(setting);
            statement.execute("SELECT pg_reload_conf()");
        }
    }

    /** Also a frozen one. */
    @Override
    public void close() throws IOException {
        server.close();
    }

    private ProcessHandle process() throws IOException {
        return PostgresProcess.of(cluster).orElseThrow(() -> new AssertionError("no PostgreSQL runs on " + cluster));
    }

    private static EmbeddedPostgres.Builder builder(Path cluster) {
        return EmbeddedPostgres.builder()
                .setDataDirectory(cluster)
                .setCleanDataDirectory(false)
                .setLocaleConfig("locale", "C")
                .setServerConfig("fsync", "on")
                .setServerConfig("synchronous_commit", "on");
    }
}
