package io.thezone.bootstrap;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A PostgreSQL server beside the service, durable, that can go away and come back where it was. */
final class DatabaseServer implements AutoCloseable {
    static final String USER = "postgres";

    private static final String PRLIMIT = "prlimit";

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

    /** Commits wait from here on for a synchronous standby that is away. */
    void loseTheStandby() throws SQLException {
        configure("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    }

    void findTheStandby() throws SQLException {
        configure("ALTER SYSTEM RESET synchronous_standby_names");
    }

    long number(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** Whether the program is there that {@link #fillTheDisk} needs. */
    static boolean canFillTheDisk() throws InterruptedException {
        try {
            return new ProcessBuilder(PRLIMIT, "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * The table of sessions cannot grow from here on, as on a disk that is full. It is made larger than a segment of the log,
     * 16 MB, so that the log can go on.
     */
    void fillTheDisk() throws SQLException, IOException, InterruptedException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            // Row by row, and smaller ones than sessions are, or there would be room left.
            statement.execute(
                    """
                    DO $$ BEGIN
                      FOR n IN 1..100000 LOOP
                        INSERT INTO sessions (key, version, format, streams, lapses_at)
                        VALUES (gen_random_uuid(), nextval('session_version'), 1, '{' || repeat(' ', 120) || '}', now() + interval '1 hour');
                      END LOOP;
                    END $$""");
        }
        limitFiles(Long.toString(number("SELECT pg_relation_size('sessions')")));
    }

    void makeRoom() throws IOException, InterruptedException {
        limitFiles("unlimited");
    }

    /** For all processes of the server. PostgreSQL takes the limit for a disk that is full. */
    private void limitFiles(String size) throws IOException, InterruptedException {
        List<ProcessHandle> processes =
                Stream.concat(Stream.of(process()), process().descendants()).toList();
        for (ProcessHandle each : processes) {
            Process prlimit = new ProcessBuilder(PRLIMIT, "--pid", Long.toString(each.pid()), "--fsize=" + size + ":")
                    .redirectErrorStream(true)
                    .start();
            String said = new String(prlimit.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (prlimit.waitFor() != 0 && each.isAlive()) {
                throw new AssertionError("no limit for " + each.info() + ": " + said);
            }
        }
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
