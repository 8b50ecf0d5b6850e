package io.thezone.persistence.embedded;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.db.PooledDataSourceFactory;
import io.thezone.persistence.postgresql.DatabaseStore;
import io.thezone.persistence.postgresql.PostgresqlStore;
import io.thezone.persistence.spi.SessionRepository;
import io.thezone.persistence.spi.SessionRepositoryFactory;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** {@code store: {type: embedded-postgresql}}: a durable store for one node, with nothing to install. */
@JsonTypeName("embedded-postgresql")
public final class EmbeddedPostgresqlStoreFactory implements SessionRepositoryFactory, DatabaseStore {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedPostgresqlStoreFactory.class);

    @NotNull
    @JsonProperty
    private final Path dataDirectory;

    @Min(1)
    @Max(90)
    @JsonProperty
    private final int connections;

    @JsonProperty
    private final boolean migrate;

    @JsonCreator
    EmbeddedPostgresqlStoreFactory(
            @JsonProperty("dataDirectory") Path dataDirectory,
            @JsonProperty("connections") int connections,
            @JsonProperty("migrate") boolean migrate) {
        this.dataDirectory = dataDirectory;
        this.connections = connections;
        this.migrate = migrate;
    }

    @Override
    public SessionRepository build(Environment environment) throws Exception {
        EmbeddedServer server = EmbeddedServer.launch(dataDirectory);
        LOG.info(
                "the embedded PostgreSQL listens on loopback, at port {}",
                server.login().port());
        environment.lifecycle().manage(server);
        return PostgresqlStore.open(environment, access(server), connections, migrate, true);
    }

    @Override
    public int connections() {
        return connections;
    }

    @Override
    public PooledDataSourceFactory database() throws Exception {
        return PostgresqlStore.administration(access(EmbeddedServer.launch(dataDirectory)));
    }

    @Override
    public String describe() {
        return "in an embedded PostgreSQL, in " + dataDirectory.toAbsolutePath().normalize();
    }

    private static PostgresqlStore.Access access(EmbeddedServer server) {
        Login login = server.login();
        return new PostgresqlStore.Access(login.url(), Login.USER, login.password());
    }
}
