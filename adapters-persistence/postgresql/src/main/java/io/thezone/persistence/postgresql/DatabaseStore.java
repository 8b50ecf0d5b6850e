package io.thezone.persistence.postgresql;

import io.dropwizard.db.PooledDataSourceFactory;

/** A store in a SQL database, whose schema the {@code db} commands manage. */
public interface DatabaseStore {
    /** @return the maximum number of connections of the store */
    int connections();

    /** @return access to the database; an embedded one is started, and stops with the process */
    PooledDataSourceFactory database() throws Exception;
}
