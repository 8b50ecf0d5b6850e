package io.thezone.persistence.spi;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jackson.Discoverable;

/** The {@code store} section of the configuration: {@code type} chooses the store, the other settings are its own. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public interface SessionRepositoryFactory extends Discoverable {
    /**
     * Opens the store, ready for use; what must start and stop with the service is managed by the environment.
     *
     * @throws Exception saying what is wrong and how to mend it; the service does not start
     */
    SessionRepository build(Environment environment) throws Exception;

    /** What it stores where, for people; without credentials. */
    String describe();
}
