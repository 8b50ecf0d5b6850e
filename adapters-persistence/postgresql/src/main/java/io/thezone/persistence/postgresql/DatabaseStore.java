package io.thezone.persistence.postgresql;

import io.dropwizard.db.PooledDataSourceFactory;

/** A store that is a database: its schema can be managed by {@code db} commands. */
public interface DatabaseStore {
    /** How many connections the store may hold at once. */
    int connections();

    /** The database, started if it must be; it stops with the process. */
    PooledDataSourceFactory database() throws Exception;
}
