package io.thezone.benchmark.contestant;

import io.dropwizard.core.setup.Environment;
import io.dropwizard.db.DataSourceFactory;
import io.dropwizard.db.ManagedDataSource;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import org.jdbi.v3.core.Jdbi;

/** Runs one statement for each request, which is correct because it locks the row of the session. */
@Path("watch")
public final class SqlResource {
    private static final int CONNECTIONS = 32;

    private static final String TABLE =
            "CREATE TABLE sessions (id text PRIMARY KEY, ends timestamptz[] NOT NULL)" + " WITH (fillfactor = 70)";

    /** Changes no row if the limit is reached. */
    private static final String ACQUIRE =
            """
            INSERT INTO sessions AS s (id, ends)
            VALUES (:session, ARRAY[clock_timestamp() + :lease * interval '1 second'])
            ON CONFLICT (id) DO UPDATE
            SET ends = ARRAY(SELECT e FROM unnest(s.ends) e WHERE e > clock_timestamp()) || excluded.ends
            WHERE (SELECT count(*) FROM unnest(s.ends) e WHERE e > clock_timestamp()) < :limit
            """;

    private final Jdbi jdbi;

    private SqlResource(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    static SqlResource open(Environment environment, String url) {
        DataSourceFactory database = new DataSourceFactory();
        database.setDriverClass("org.postgresql.Driver");
        database.setUrl(url);
        database.setUser("postgres");
        database.setMaxSize(CONNECTIONS);
        database.setValidationQuery("SELECT 1");
        database.setAutoCommentsEnabled(false);
        ManagedDataSource pool = database.build(environment.metrics(), "sql");
        environment.lifecycle().manage(pool);
        Jdbi jdbi = Jdbi.create(pool);
        jdbi.useHandle(handle -> handle.execute(TABLE));
        return new SqlResource(jdbi);
    }

    @GET
    public Response watch(@HeaderParam("Session-Id") String session) {
        int changed = jdbi.withHandle(handle -> handle.createUpdate(ACQUIRE)
                .bind("session", session)
                .bind("lease", Contestant.LEASE.toSeconds())
                .bind("limit", Contestant.LIMIT)
                .execute());
        return Contestant.answer(changed == 1);
    }
}
