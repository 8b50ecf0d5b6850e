package io.thezone.bootstrap.support;

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

/** A durable PostgreSQL server that a test can stop, freeze and break, and start again on the same port. */
public final class DatabaseServer implements AutoCloseable {
    public static final String USER = "postgres";

    private static final String PRLIMIT = "prlimit";

    private final Path cluster;
    private final int port;
    private EmbeddedPostgres server;

    public DatabaseServer(Path cluster) throws IOException {
        this.cluster = cluster;
        this.server = builder(cluster).start();
        this.port = server.getPort();
    }

    /** @return the environment variables with which the service uses it */
    public Map<String, String> environment() {
        return Map.of("STORE_TYPE", "postgresql", "DATABASE_URL", url(), "DATABASE_USER", USER);
    }

    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres";
    }

    public Connection connect() throws SQLException {
        return server.getPostgresDatabase().getConnection();
    }

    /** Stops the server: connections are refused. */
    public void stop() throws IOException {
        server.close();
    }

    /** Starts the server again on the same port and data. */
    public void startAgain() throws IOException {
        server = builder(cluster).setPort(port).start();
    }

    /** Suspends all processes: connections are accepted, but never answered. */
    public void freeze() throws IOException, InterruptedException {
        PostgresProcess.signal("STOP", process());
    }

    public void thaw() throws IOException, InterruptedException {
        PostgresProcess.signal("CONT", process());
    }

    /** Makes the database read-only: loads are answered, saves are refused. */
    public void makeReadOnly() throws SQLException {
        configure("ALTER SYSTEM SET default_transaction_read_only = on");
    }

    public void makeWritable() throws SQLException {
        configure("ALTER SYSTEM RESET default_transaction_read_only");
    }

    /** Makes commits wait for a synchronous standby that does not exist. */
    public void loseTheStandby() throws SQLException {
        configure("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    }

    public void findTheStandby() throws SQLException {
        configure("ALTER SYSTEM RESET synchronous_standby_names");
    }

    public long number(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** @return whether the machine has the program that {@link #fillTheDisk} needs */
    public static boolean canFillTheDisk() throws InterruptedException {
        try {
            return new ProcessBuilder(PRLIMIT, "--version").start().waitFor() == 0;
        } catch (IOException e) {
            return false;
        }
    }

    /**
     * Prevents the table of sessions from growing, as a full disk would, by a limit on the size of files. The table is made larger
     * than a segment of the write-ahead log, 16 MB, so that the log is not affected.
     */
    public void fillTheDisk() throws SQLException, IOException, InterruptedException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            // Single rows, smaller than sessions, so that no space is left.
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

    public void makeRoom() throws IOException, InterruptedException {
        limitFiles("unlimited");
    }

    /** Limits the files of all processes of the server; PostgreSQL treats the limit as a full disk. */
    private void limitFiles(String size) throws IOException, InterruptedException {
        List<ProcessHandle> processes =
                Stream.concat(Stream.of(process()), process().descendants()).toList();
        for (ProcessHandle each : processes) {
            Process prlimit = new ProcessBuilder(PRLIMIT, "--pid", Long.toString(each.pid()), "--fsize=" + size + ":")
                    .redirectErrorStream(true)
                    .start();
            String output = new String(prlimit.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            if (prlimit.waitFor() != 0 && each.isAlive()) {
                throw new AssertionError("no limit for " + each.info() + ": " + output);
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

    /** Stops the server, also a frozen one. */
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
