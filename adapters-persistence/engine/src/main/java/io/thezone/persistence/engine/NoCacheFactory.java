package io.thezone.persistence.engine;

import com.fasterxml.jackson.annotation.JsonTypeName;
import io.dropwizard.core.setup.Environment;
import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionCacheFactory;
import java.time.Duration;

/** {@code cache: {type: none}}: no cache. */
@JsonTypeName("none")
public final class NoCacheFactory implements SessionCacheFactory {
    @Override
    public SessionCache build(Environment environment, Duration longestLease) {
        return SessionCache.NONE;
    }
}
