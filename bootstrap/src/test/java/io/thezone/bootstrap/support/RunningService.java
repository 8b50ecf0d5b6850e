package io.thezone.bootstrap.support;

import io.dropwizard.core.Application;
import io.dropwizard.testing.ConfigOverride;
import io.dropwizard.testing.DropwizardTestSupport;
import io.thezone.bootstrap.StreamServiceApplication;
import io.thezone.bootstrap.StreamServiceConfiguration;
import io.thezone.rest.testing.HttpService;
import java.io.IOException;
import java.nio.file.Path;

/** A running service with the shipped config.yml. */
public final class RunningService extends HttpService {
    private RunningService(
            Class<? extends Application<StreamServiceConfiguration>> application,
            String configuration,
            ConfigOverride... settings)
            throws Exception {
        super(new DropwizardTestSupport<>(application, configuration, onFreePorts(settings)));
    }

    /** Starts the service, without waiting until it is healthy. */
    public static RunningService start(
            Class<? extends Application<StreamServiceConfiguration>> application, ConfigOverride... settings)
            throws Exception {
        return new RunningService(application, SHIPPED_CONFIGURATION, settings);
    }

    /** Starts the service with a file that lies over the shipped config.yml. */
    public static RunningService over(Path configuration, ConfigOverride... settings) throws Exception {
        return new RunningService(StreamServiceApplication.class, configuration.toString(), settings).up();
    }

    /** @return this, once {@code /health} is UP */
    public RunningService up() throws IOException, InterruptedException {
        awaitUp();
        return this;
    }
}
