package io.thezone.persistence.spi;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jackson.Discoverable;
import java.time.Duration;

/** The {@code cache} section of the configuration: {@code type} chooses the cache, the other settings are its own. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public interface SessionCacheFactory extends Discoverable {
    /**
     * Opens the cache; parts that start and stop with the service are managed by the environment.
     *
     * @param longestLease a copy may be dropped once it was not published again for this time
     */
    SessionCache build(Environment environment, Duration longestLease) throws Exception;
}
