package io.thezone.bootstrap.support;

import io.dropwizard.core.Application;
import io.dropwizard.testing.ConfigOverride;
import io.dropwizard.testing.DropwizardTestSupport;
import io.thezone.bootstrap.StreamServiceConfiguration;
import io.thezone.rest.testing.HttpService;
import java.io.IOException;

/** A running service with the shipped config.yml. */
public final class RunningService extends HttpService {
    private RunningService(
            Class<? extends Application<StreamServiceConfiguration>> application, ConfigOverride... settings)
            throws Exception {
        super(new DropwizardTestSupport<>(application, SHIPPED_CONFIGURATION, onFreePorts(settings)));
    }

    /** Starts the service, without waiting until it is healthy. */
    public static RunningService start(
            Class<? extends Application<StreamServiceConfiguration>> application, ConfigOverride... settings)
            throws Exception {
        return new RunningService(application, settings);
    }

    /** @return this, once {@code /health} is UP */
    public RunningService up() throws IOException, InterruptedException {
        awaitUp();
        return this;
    }
}
