package io.thezone.persistence.postgresql;

import io.dropwizard.core.setup.Environment;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.db.ManagedDataSource;
import io.dropwizard.util.Duration;
import io.thezone.persistence.spi.SessionRepository;
import io.thezone.persistence.spi.TimeLimits;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens a repository over a connection pool, for a PostgreSQL server and for the embedded one. */
public final class PostgresqlStore {
    private static final Logger LOG = LoggerFactory.getLogger(PostgresqlStore.class);
    private static final String NAME = "store";

    /** The address and the credentials of a database. */
    public record Access(String url, String user, String password) {
        /** The URL without its parameters, which may contain a password. */
        String place() {
            return url.replaceFirst("\\?.*", "");
        }

        /** Rejects a URL that the driver cannot read, or with a user and a password before the host: the driver would print the password. */
        boolean isUrlUnderstood() {
            try {
                return !place().contains("@") && DriverManager.getDriver(url).acceptsURL(url);
            } catch (SQLException e) {
                LOG.debug("no driver reads the URL of the database", e);
                return false;
            }
        }
    }

    private static final Map<String, String> DRIVER = Map.of(
            "ApplicationName", "thezone",
            "connectTimeout", "1",
            "tcpKeepAlive", "true",
            "targetServerType", "primary",
            "logServerErrorDetail", "false");

    /**
     * Time limits of the driver and the server; pgjdbc has none by default. The driver's {@code queryTimeout} is not among them: to
     * cancel the query it would wait for another connection.
     */
    private static final Map<String, String> LIMITS = Map.of(
            "socketTimeout", // in seconds
            String.valueOf(TimeLimits.STORE_CALL.toSeconds()),
            "sslResponseTimeout",
            String.valueOf(TimeLimits.STORE_CALL.toMillis()),
            "gssResponseTimeout",
            String.valueOf(TimeLimits.STORE_CALL.toMillis()),
            "options",
            Stream.concat(
                            Stream.of(
                                    "statement_timeout=" + TimeLimits.STATEMENT.toMillis(),
                                    "lock_timeout=" + TimeLimits.ROW_LOCK.toMillis()),
                            PostgresqlSessionRepository.PLANNER.stream())
                    .collect(Collectors.joining(" -c ", "-c ", "")));

    private PostgresqlStore() {}

    /** Configures the pool that serves requests: short time limits. */
    private static DataSourceFactory serving(Access access, int connections) {
        DataSourceFactory database = settings(access);
        database.getProperties().putAll(LIMITS);
        database.setMaxSize(connections);
        database.setMaxWaitForConnection(Duration.milliseconds(TimeLimits.ROW_LOCK.toMillis()));
        database.setCheckConnectionOnBorrow(true);
        database.setValidationInterval(Duration.seconds(1));
        return database;
    }

    /**
     * Configures the connections of migrations and {@code db} commands, which have no time limits.
     *
     * @throws IllegalStateException if the database cannot be used, with the reason and the settings to change
     */
    public static DataSourceFactory administration(Access access) throws SQLException {
        try (Connection connection = connect(access)) {
            ServerCheck.encoding(connection, access.place());
        }
        return settings(access);
    }

    private static Connection connect(Access access) {
        Properties properties = new Properties();
        properties.putAll(DRIVER);
        properties.setProperty("user", access.user());
        properties.setProperty("password", access.password());
        try {
            return DriverManager.getConnection(access.url(), properties);
        } catch (SQLException e) {
            String reason = String.valueOf(e.getMessage()).replace(access.url(), access.place());
            throw new IllegalStateException(
                    "the database at " + access.place() + " cannot be used: " + reason
                            + " (DATABASE_URL, DATABASE_USER, DATABASE_PASSWORD)",
                    e);
        }
    }

    /** Sets what both have in common; parameters of the URL take precedence. */
    private static DataSourceFactory settings(Access access) {
        DataSourceFactory database = new DataSourceFactory();
        database.setDriverClass("org.postgresql.Driver");
        database.setUrl(access.url());
        database.setUser(access.user());
        database.setPassword(access.password());
        database.setProperties(new HashMap<>(DRIVER));
        database.setInitialSize(0);
        database.setMinSize(0);
        database.setValidationQuery("SELECT 1");
        database.setAutoCommentsEnabled(false);
        return database;
    }

    /**
     * Checks the server, and opens a repository on it.
     *
     * @param connections maximum number of connections
     * @param migrate whether to bring the schema up to date first
     * @param durable whether saved sessions must survive a crash of the server, whatever its {@code synchronous_commit} is
     */
    public static SessionRepository open(
            Environment environment, Access access, int connections, boolean migrate, boolean durable)
            throws Exception {
        DataSourceFactory administration = administration(access);
        if (migrate) {
            SchemaMigration.run(administration);
        }
        try (Connection connection = connect(access)) {
            ServerCheck.durability(connection, durable);
            if (!migrate) {
                ServerCheck.schema(connection);
            }
        }
        ManagedDataSource dataSource = serving(access, connections).build(environment.metrics(), NAME);
        environment.lifecycle().manage(dataSource);
        return new PostgresqlSessionRepository(Jdbi.create(dataSource), durable);
    }
}
