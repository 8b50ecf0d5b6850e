package io.thezone.bootstrap;

import com.codahale.metrics.health.HealthCheck;
import io.dropwizard.core.Application;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.thezone.gateway.testing.FailingStore;
import io.thezone.rest.StreamApi;

/** The HTTP API over a {@link FailingStore}, with the logging of the service. */
public final class FailingService extends Application<StreamServiceConfiguration> {
    private static final class Down extends HealthCheck {
        @Override
        protected Result check() {
            return Result.unhealthy("the store always fails");
        }
    }

    @Override
    public void initialize(Bootstrap<StreamServiceConfiguration> bootstrap) {
        bootstrap.setConfigurationFactoryFactory(StreamServiceConfigurationFactory::new);
    }

    @Override
    public void run(StreamServiceConfiguration configuration, Environment environment) {
        for (String check : new String[] {"store", "queue", "cache"}) {
            environment.healthChecks().register(check, new Down());
        }
        StreamApi.register(
                environment,
                new FailingStore(),
                configuration.toApi(configuration.quota().toPlans()));
    }
}
