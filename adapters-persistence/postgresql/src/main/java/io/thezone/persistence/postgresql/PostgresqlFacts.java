package io.thezone.persistence.postgresql;

import io.thezone.persistence.spi.SharedFacts;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/** Keeps each shared fact in a row of the table {@code installation}. */
final class PostgresqlFacts implements SharedFacts {
    private static final String FIND = "SELECT value FROM installation WHERE name = :name";
    private static final String AGREE = "INSERT INTO installation (name, value) SELECT :name, :value "
            + PostgresqlSessionRepository.DURABLY + " ON CONFLICT (name) DO NOTHING";
    private static final String REPLACE = "INSERT INTO installation (name, value) SELECT :name, :value "
            + PostgresqlSessionRepository.DURABLY + " ON CONFLICT (name) DO UPDATE SET value = excluded.value";

    private final Jdbi jdbi;

    PostgresqlFacts(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    @Override
    public Optional<String> find(String name) {
        return jdbi.withHandle(handle ->
                handle.createQuery(FIND).bind("name", name).mapTo(String.class).findOne());
    }

    @Override
    public String agree(String name, String proposed) {
        write(AGREE, name, proposed);
        return find(name).orElse(proposed);
    }

    @Override
    public void replace(String name, String value) {
        write(REPLACE, name, value);
    }

    private void write(String statement, String name, String value) {
        jdbi.useHandle(handle -> handle.createUpdate(statement)
                .bind("name", name)
                .bind("value", value)
                .execute());
    }
}
