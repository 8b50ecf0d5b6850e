package io.thezone.benchmark;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Arrays;
import java.util.Properties;

/** Queries the PostgreSQL of a service. */
final class Database implements AutoCloseable {
    private final Connection connection;

    private Database(Connection connection) {
        this.connection = connection;
    }

    /** @param data the DATA_DIR of a running service, with its pg_service.conf */
    static Database of(Path data) throws IOException, SQLException {
        Properties login = new Properties();
        try (Reader file = Files.newBufferedReader(data.resolve("pg_service.conf"))) {
            login.load(file);
        }
        return new Database(DriverManager.getConnection(
                "jdbc:postgresql://127.0.0.1:" + login.getProperty("port") + "/" + login.getProperty("dbname"), login));
    }

    String version() throws SQLException {
        return connection.getMetaData().getDatabaseProductVersion();
    }

    /** @return the bytes of write-ahead log written so far */
    long wal() throws SQLException {
        return number("SELECT pg_current_wal_insert_lsn() - '0/0'");
    }

    /** @return the rows inserted or updated so far; waits until every connection has reported its statistics, up to 10 s */
    long rowsWritten() throws SQLException, InterruptedException {
        Thread.sleep(11_000);
        return number("SELECT n_tup_ins + n_tup_upd FROM pg_stat_user_tables WHERE relname = 'sessions'");
    }

    /** @return the number of sessions with a later version, without the rows of the health check */
    long savedSince(long version) throws SQLException {
        return number("SELECT count(*) FROM sessions WHERE version > " + version
                + " AND key::text NOT LIKE '%-0000-000000000000'");
    }

    /** @return the last version, which grows by at least one for each row that is written */
    long versions() throws SQLException {
        return number("SELECT last_value FROM session_version");
    }

    void checkpoint() throws SQLException {
        execute("CHECKPOINT");
    }

    void execute(String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** @return the first column of the first row */
    long number(String sql) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** @return the median time of inserting and committing one small row, in microseconds */
    double commitTime(Duration time) throws SQLException {
        execute("CREATE TABLE IF NOT EXISTS commits (key uuid PRIMARY KEY, document text NOT NULL)");
        long[] took = new long[1_000_000];
        int count = 0;
        long deadline = System.nanoTime() + time.toNanos();
        try (PreparedStatement insert =
                connection.prepareStatement("INSERT INTO commits VALUES (gen_random_uuid(), repeat('x', 200))")) {
            while (System.nanoTime() - deadline < 0 && count < took.length) {
                long started = System.nanoTime();
                insert.executeUpdate();
                took[count] = System.nanoTime() - started;
                count++;
            }
        }
        long[] sorted = Arrays.stream(took, 0, count).sorted().toArray();
        return sorted[sorted.length / 2] / 1e3;
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }
}
