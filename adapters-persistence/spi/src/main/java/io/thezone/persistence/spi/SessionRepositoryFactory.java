package io.thezone.persistence.spi;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jackson.Discoverable;

/**
 * The {@code store} section of the configuration: {@code type} chooses the store, the rest is its own. The keys
 * of the shipped config.yml that a type does not use are passed over, so that the type alone can be switched; a type that uses
 * one of them says so with an annotation of its own. Any other unknown key is refused.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
@JsonIgnoreProperties({"dataDirectory", "url", "user", "password", "connections", "migrate", "durable"})
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
