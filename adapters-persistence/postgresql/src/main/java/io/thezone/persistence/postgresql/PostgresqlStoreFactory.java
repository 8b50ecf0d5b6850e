package io.thezone.persistence.postgresql;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.db.PooledDataSourceFactory;
import io.dropwizard.validation.ValidationMethod;
import io.thezone.persistence.spi.SessionRepository;
import io.thezone.persistence.spi.SessionRepositoryFactory;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import java.sql.SQLException;

/** {@code store: {type: postgresql}}: sessions on a PostgreSQL server that somebody else operates. */
@JsonTypeName("postgresql")
public final class PostgresqlStoreFactory implements SessionRepositoryFactory, DatabaseStore {
    /** The file of Liquibase change sets, on the class path. */
    public static final String MIGRATIONS = "migrations.sql";

    @NotEmpty
    @JsonProperty
    private final String url;

    @JsonProperty
    private final String user;

    @JsonProperty
    private final String password;

    @Min(1)
    @Max(200)
    @JsonProperty
    private final int connections;

    @JsonProperty
    private final boolean migrate;

    @JsonProperty
    private final boolean durable;

    @JsonCreator
    PostgresqlStoreFactory(
            @JsonProperty("url") String url,
            @JsonProperty("user") String user,
            @JsonProperty("password") String password,
            @JsonProperty("connections") int connections,
            @JsonProperty("migrate") boolean migrate,
            @JsonProperty("durable") boolean durable) {
        this.url = url;
        this.user = user;
        this.password = password;
        this.connections = connections;
        this.migrate = migrate;
        this.durable = durable;
    }

    @JsonIgnore
    @ValidationMethod(
            message =
                    "store.url (DATABASE_URL) must be as in jdbc:postgresql://host:5432/database; the user and password belong in"
                            + " store.user and store.password (DATABASE_USER, DATABASE_PASSWORD)")
    public boolean isUrlUnderstood() {
        return access().isUrlUnderstood();
    }

    @Override
    public SessionRepository build(Environment environment) throws Exception {
        return PostgresqlStore.open(environment, access(), connections, migrate, durable);
    }

    @Override
    public int connections() {
        return connections;
    }

    @Override
    public PooledDataSourceFactory database() throws SQLException {
        return PostgresqlStore.administration(access());
    }

    private PostgresqlStore.Access access() {
        return new PostgresqlStore.Access(url, user, password);
    }

    @Override
    public String describe() {
        return "in PostgreSQL at " + access().place();
    }
}
