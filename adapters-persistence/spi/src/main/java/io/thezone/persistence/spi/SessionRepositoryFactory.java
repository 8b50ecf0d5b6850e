package io.thezone.persistence.spi;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jackson.Discoverable;

/** The {@code store} section of the configuration: {@code type} chooses the store, the other settings are its own. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public interface SessionRepositoryFactory extends Discoverable {
    /**
     * Opens the store, ready for use; parts that start and stop with the service are managed by the environment.
     *
     * @throws Exception whose message says what is wrong and how to fix it; the service does not start
     */
    SessionRepository build(Environment environment) throws Exception;

    /** Describes where sessions are stored, for the log; without credentials. */
    String describe();
}
