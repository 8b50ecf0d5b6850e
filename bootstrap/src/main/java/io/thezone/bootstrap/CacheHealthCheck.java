package io.thezone.bootstrap;

import com.codahale.metrics.health.HealthCheck;
import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionKey;
import java.util.Set;

/** Checks that the cache answers within its time limit; any answer counts, also "no copy". Without a cache decisions read the store. */
final class CacheHealthCheck extends HealthCheck {
    private final SessionCache cache;

    CacheHealthCheck(SessionCache cache) {
        this.cache = cache;
    }

    @Override
    protected Result check() {
        cache.get(Set.of(SessionKey.NOBODY));
        return Result.healthy();
    }
}
