package io.thezone.persistence.postgresql;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.io.Resources;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Checks that a database server is fit to serve from; each failure is an exception whose message says what to do. */
final class ServerCheck {
    private static final Logger LOG = LoggerFactory.getLogger(ServerCheck.class);

    /** A SQLSTATE; PostgreSQL documentation, Appendix A. */
    private static final String UNDEFINED_TABLE = "42P01";

    private static final Pattern CHANGE_SET = Pattern.compile("(?m)^--changeset \\w+:(\\S+)");

    private ServerCheck() {}

    /** Checks that the encoding is UTF-8: attributes may contain any character, and the driver sends UTF-8 only. */
    static void encoding(Connection connection, String place) throws SQLException {
        String encoding = setting(connection, "server_encoding");
        if (!encoding.equals("UTF8")) {
            throw new IllegalStateException("the database at " + place + " has the encoding " + encoding
                    + ", which cannot hold every character: make one with CREATE DATABASE name ENCODING 'UTF8' TEMPLATE"
                    + " template0, and name it in store.url (DATABASE_URL)");
        }
    }

    /**
     * Checks that a commit is on disk before the server confirms it; otherwise a crash loses admitted streams. Only
     * {@code fsync} can make the start fail: {@code synchronous_commit} each save sets itself.
     */
    static void durability(Connection connection, boolean durable) throws SQLException {
        if (setting(connection, "fsync").equals("off")) {
            String danger = "fsync is off on the database server: a crash of its machine may destroy all data";
            if (durable) {
                throw new IllegalStateException(danger + "; turn it on there, or, if streams may be lost, set"
                        + " store.durable to false (DATABASE_DURABLE)");
            }
            LOG.warn(danger);
        }
        if (!durable && setting(connection, "synchronous_commit").equals("off")) {
            LOG.warn(
                    "synchronous_commit is off in the database, and store.durable is false: a crash of the server loses"
                            + " the streams of the last moments");
        }
        if (setting(connection, "full_page_writes").equals("off")) {
            LOG.warn(
                    "full_page_writes is off on the database server: unless its file system never tears a page, a crash"
                            + " of its machine may destroy data");
        }
    }

    /**
     * Checks that each change set of this version has been applied. A newer schema passes: versions only add to it, so that nodes
     * of two versions can use it.
     */
    static void schema(Connection connection) throws SQLException, IOException {
        Set<String> missing = changeSets();
        missing.removeAll(applied(connection));
        if (!missing.isEmpty()) {
            throw new IllegalStateException(
                    "the schema of the database is older than this version, and store.migrate is"
                            + " false: run db migrate of this version first (missing: " + String.join(", ", missing)
                            + ")");
        }
    }

    private static Set<String> changeSets() throws IOException {
        String text = Resources.toString(Resources.getResource(PostgresqlStoreFactory.MIGRATIONS), UTF_8);
        Set<String> ids = new TreeSet<>();
        CHANGE_SET.matcher(text).results().forEach(found -> ids.add(found.group(1)));
        return ids;
    }

    private static Set<String> applied(Connection connection) throws SQLException {
        Set<String> ids = new HashSet<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SELECT id FROM databasechangelog")) {
            while (rows.next()) {
                ids.add(rows.getString(1));
            }
        } catch (SQLException e) {
            if (!UNDEFINED_TABLE.equals(e.getSQLState())) {
                throw e;
            }
        }
        return ids;
    }

    private static String setting(Connection connection, String name) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("SHOW " + name)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
