package io.thezone.persistence.postgresql;

import io.dropwizard.db.PooledDataSourceFactory;

/** A store whose schema can be managed by {@code db} commands. */
public interface DatabaseStore {
    /** The database, started if it must be; it stops with the process. */
    PooledDataSourceFactory database() throws Exception;
}
