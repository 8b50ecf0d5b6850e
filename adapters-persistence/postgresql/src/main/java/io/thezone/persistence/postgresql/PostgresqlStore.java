package io.thezone.persistence.postgresql;

import io.dropwizard.core.setup.Environment;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.db.ManagedDataSource;
import io.dropwizard.util.Duration;
import io.thezone.persistence.spi.SessionRepository;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;

/** Opens the repository over a connection pool; shared by the stores that are a PostgreSQL. */
public final class PostgresqlStore {
    private static final String NAME = "store";

    /** Where a database is and who may use it. */
    public record Access(String url, String user, String password) {}

    private static final Map<String, String> DRIVER = Map.of(
            "ApplicationName", "thezone",
            "connectTimeout", "1",
            "tcpKeepAlive", "true",
            "targetServerType", "primary",
            "logServerErrorDetail", "false");

    /**
     * pgjdbc waits for ever by default. Each limit is below the next: waiting for a row lock, a statement on the server,
     * the socket (seconds), and the 1.8 s after which the service answers without the store. No query timeout of the driver
     * beside them: when it passes, the driver waits for another connection on which to cancel the query.
     */
    private static final Map<String, String> LIMITS = Map.of(
            "socketTimeout", "1",
            "sslResponseTimeout", "1000",
            "gssResponseTimeout", "1000",
            "options", "-c statement_timeout=800 -c lock_timeout=500");

    private PostgresqlStore() {}

    /** For serving: a pool that gives up soon. */
    private static DataSourceFactory serving(Access access, int connections) {
        DataSourceFactory database = administration(access);
        database.getProperties().putAll(LIMITS);
        database.setMaxSize(connections);
        database.setMaxWaitForConnection(Duration.milliseconds(500));
        database.setCheckConnectionOnBorrow(true);
        database.setValidationInterval(Duration.seconds(1));
        return database;
    }

    /** For migrations and {@code db} commands, which may take their time. Properties that stand in the URL win. */
    public static DataSourceFactory administration(Access access) {
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
     * @param connections at most
     * @param migrate whether to bring the schema up to date first
     */
    public static SessionRepository open(Environment environment, Access access, int connections, boolean migrate)
            throws Exception {
        if (migrate) {
            SchemaMigration.run(administration(access));
        }
        ManagedDataSource dataSource = serving(access, connections).build(environment.metrics(), NAME);
        environment.lifecycle().manage(dataSource);
        return new PostgresqlSessionRepository(Jdbi.create(dataSource));
    }
}
