package io.thezone.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.codahale.metrics.health.HealthCheck;
import io.dropwizard.core.Application;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.testing.ConfigOverride;
import io.thezone.bootstrap.support.RunningService;
import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.StoredSession;
import java.net.http.HttpResponse;
import java.util.Collection;
import java.util.Map;
import org.junit.jupiter.api.Test;

class NonCriticalHealthCheckTest {
    private static final SessionCache DEAD = new SessionCache() {
        @Override
        public Map<SessionKey, StoredSession> get(Collection<SessionKey> keys) {
            throw new IllegalStateException("did not answer within 30 ms");
        }

        @Override
        public void publish(Map<SessionKey, StoredSession> saved) {}

        @Override
        public void drop(Collection<SessionKey> keys) {}
    };

    /** The service with a cache that never answers. */
    public static final class ServiceWithADeadCache extends Application<StreamServiceConfiguration> {
        private final StreamServiceApplication service = new StreamServiceApplication();

        @Override
        public void initialize(Bootstrap<StreamServiceConfiguration> bootstrap) {
            service.initialize(bootstrap);
        }

        @Override
        public void run(StreamServiceConfiguration configuration, Environment environment) throws Exception {
            service.run(configuration, environment);
            environment.healthChecks().unregister("cache");
            environment.healthChecks().register("cache", new NonCriticalHealthCheck(new CacheHealthCheck(DEAD)));
        }
    }

    @Test
    void aDeadCacheIsShownButTheNodeIsHealthy() throws Exception {
        try (RunningService service = RunningService.start(
                        ServiceWithADeadCache.class,
                        ConfigOverride.config("store.type", "memory"),
                        ConfigOverride.config("cache.type", "none"))
                .up()) {
            HttpResponse<String> answer = service.admin("/healthcheck");

            assertEquals(200, answer.statusCode(), answer::body);
            assertTrue(answer.body().contains("unwell: did not answer within 30 ms"), answer::body);
            assertEquals(200, service.get("/health").statusCode());
        }
    }

    @Test
    void aHealthyPartKeepsItsMessage() {
        HealthCheck well = new HealthCheck() {
            @Override
            protected Result check() {
                return Result.healthy("all is well");
            }
        };

        assertEquals("all is well", new NonCriticalHealthCheck(well).execute().getMessage());
    }
}
