package io.thezone.bootstrap;

import com.codahale.metrics.health.HealthCheck;
import io.dropwizard.core.Application;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.thezone.application.OverloadedException;
import io.thezone.application.SessionStore;
import io.thezone.application.SessionTransition;
import io.thezone.application.StoreUnavailableException;
import io.thezone.domain.SessionId;
import io.thezone.rest.StreamApi;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** The HTTP contract over a store that fails; how, is the beginning of the session id. */
public final class FailingService extends Application<StreamServiceConfiguration> {
    static final String OVERLOADED = "overloaded-";
    static final String UNAVAILABLE = "unavailable-";
    static final String BROKEN = "broken-";

    private static final class FailingStore implements SessionStore {
        @Override
        public <R> CompletionStage<R> update(SessionId id, SessionTransition<R> transition) {
            if (id.value().startsWith(OVERLOADED)) {
                return CompletableFuture.failedFuture(new OverloadedException("too much is asked for"));
            }
            if (id.value().startsWith(UNAVAILABLE)) {
                return CompletableFuture.failedFuture(new StoreUnavailableException("it does not answer"));
            }
            return CompletableFuture.failedFuture(new UnsupportedOperationException("a defect"));
        }
    }

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
