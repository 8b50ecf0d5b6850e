package io.thezone.persistence.spi;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.dropwizard.core.setup.Environment;
import java.time.Duration;

/** {@code cache: {type: none}}: every decision reads the store. */
@JsonTypeName("none")
public final class NoCacheFactory implements SessionCacheFactory {
    @Override
    public SessionCache build(Environment environment, Duration longestLease) {
        return SessionCache.NONE;
    }
}
