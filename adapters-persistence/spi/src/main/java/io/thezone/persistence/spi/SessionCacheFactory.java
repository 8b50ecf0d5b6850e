package io.thezone.persistence.spi;

import com.fasterxml.jackson.annotation.JsonTypeInfo;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.jackson.Discoverable;
import java.time.Duration;

/** The {@code cache} section of the configuration: {@code type} chooses the cache, the other settings are its own. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "type")
public interface SessionCacheFactory extends Discoverable {
    /**
     * Opens the cache; what must start and stop with the service is managed by the environment.
     *
     * @param longestLease a copy that was not published anew for this long may be dropped
     */
    SessionCache build(Environment environment, Duration longestLease) throws Exception;
}
