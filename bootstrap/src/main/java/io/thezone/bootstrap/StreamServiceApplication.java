package io.thezone.bootstrap;

import com.codahale.metrics.health.HealthCheckRegistry;
import io.dropwizard.configuration.EnvironmentVariableSubstitutor;
import io.dropwizard.configuration.SubstitutingSourceProvider;
import io.dropwizard.core.Application;
import io.dropwizard.core.cli.CheckCommand;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ServerCommand;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.prometheus.metrics.exporter.servlet.jakarta.PrometheusMetricsServlet;
import io.prometheus.metrics.instrumentation.dropwizard.DropwizardExports;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thezone.application.StreamTerms;
import io.thezone.persistence.spi.GroupCommitSessionStore;
import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionKeys;
import io.thezone.persistence.spi.SessionRepository;
import io.thezone.rest.StreamApi;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import net.sourceforge.argparse4j.inf.Namespace;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The stream service. */
public final class StreamServiceApplication extends Application<StreamServiceConfiguration> {
    private static final Logger LOG = LoggerFactory.getLogger(StreamServiceApplication.class);
    private static final long REMOVAL_INTERVAL_SECONDS = 60;

    public static void main(String[] args) throws Exception {
        new StreamServiceApplication().run(args);
    }

    @Override
    public String getName() {
        return "thezone";
    }

    @Override
    public void initialize(Bootstrap<StreamServiceConfiguration> bootstrap) {
        bootstrap.setConfigurationSourceProvider(new SubstitutingSourceProvider(
                bootstrap.getConfigurationSourceProvider(), new EnvironmentVariableSubstitutor(false)));
        bootstrap.addCommand(new DatabaseMigrations());
    }

    /** Dropwizard's own, but a failure is said in one line. */
    @Override
    protected void addDefaultCommands(Bootstrap<StreamServiceConfiguration> bootstrap) {
        bootstrap.addCommand(new ServerCommand<>(this) {
            @Override
            public void onError(Cli cli, Namespace namespace, Throwable failure) {
                CommandFailure.report(this, cli, failure);
            }
        });
        bootstrap.addCommand(new CheckCommand<>(this) {
            @Override
            public void onError(Cli cli, Namespace namespace, Throwable failure) {
                CommandFailure.report(this, cli, failure);
            }
        });
    }

    @Override
    public void run(StreamServiceConfiguration configuration, Environment environment) throws Exception {
        StreamTerms terms = configuration.streams().toTerms();
        SessionCache cache =
                configuration.cache().build(environment, terms.lease().duration());
        SessionRepository repository = configuration.store().build(environment);
        GroupCommitSessionStore store = new GroupCommitSessionStore(
                repository,
                cache,
                new SessionKeys(configuration.sessionKey()),
                configuration.groupCommit(),
                answering(environment));
        environment.lifecycle().manage(store);
        removeLapsed(repository, environment);

        StreamApi.register(environment, store, terms, configuration.headers());

        HealthCheckRegistry checks = environment.healthChecks();
        checks.register("store", new StoreHealthCheck(repository));
        checks.register("queue", new QueueHealthCheck(store));
        checks.register("cache", new CacheHealthCheck(cache));
        exportMetrics(environment);
        announce(configuration, environment);
    }

    /** Answers run on the server's own threads: one that waits for a slow reader holds up nobody else. */
    private static Executor answering(Environment environment) {
        ServerThreads threads = new ServerThreads();
        environment.lifecycle().addServerLifecycleListener(threads);
        return threads;
    }

    private static void removeLapsed(SessionRepository repository, Environment environment) {
        ScheduledFuture<?> removal = environment
                .lifecycle()
                .scheduledExecutorService("lapsed-session-remover", true)
                .threads(1)
                .build()
                .scheduleWithFixedDelay(
                        new LapsedSessionRemover(repository),
                        REMOVAL_INTERVAL_SECONDS,
                        REMOVAL_INTERVAL_SECONDS,
                        TimeUnit.SECONDS);
        LOG.debug("lapsed sessions are removed: {}", !removal.isDone());
    }

    private static void exportMetrics(Environment environment) {
        PrometheusRegistry registry = new PrometheusRegistry();
        DropwizardExports.builder().dropwizardRegistry(environment.metrics()).register(registry);
        environment
                .admin()
                .addServlet("metrics", new PrometheusMetricsServlet(registry))
                .addMapping("/metrics");
    }

    private static void announce(StreamServiceConfiguration configuration, Environment environment) {
        if (configuration.sessionKey().equals(StreamServiceConfiguration.DEFAULT_SESSION_KEY)) {
            LOG.warn("sessionKey (SESSION_KEY) has its default, which everybody knows: set your own before this serves"
                    + " real viewers");
        }
        environment.lifecycle().addServerLifecycleListener(server -> {
            LOG.info("streams are stored {}", configuration.store().describe());
            for (var connector : server.getConnectors()) {
                if (connector instanceof org.eclipse.jetty.server.ServerConnector http) {
                    LOG.info(
                            "the {} port is {}:{}",
                            http.getName(),
                            http.getHost() == null ? "*" : http.getHost(),
                            http.getLocalPort());
                }
            }
        });
    }
}
