package io.thezone.bootstrap;

import com.codahale.metrics.health.HealthCheckRegistry;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.Application;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.Command;
import io.dropwizard.core.cli.ServerCommand;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.util.JarLocation;
import io.prometheus.metrics.instrumentation.dropwizard.DropwizardExports;
import io.prometheus.metrics.model.registry.PrometheusRegistry;
import io.thezone.domain.Lease;
import io.thezone.grpc.GrpcApi;
import io.thezone.grpc.GrpcServer;
import io.thezone.persistence.engine.GroupCommitSessionStore;
import io.thezone.persistence.engine.SessionFormat;
import io.thezone.persistence.engine.SessionKeys;
import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionRepository;
import io.thezone.rest.StreamApi;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.stream.Collectors;
import net.sourceforge.argparse4j.inf.Namespace;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.component.LifeCycle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The main class: reads the configuration, builds the parts and starts the service. */
public final class StreamServiceApplication extends Application<StreamServiceConfiguration> {
    private static final Logger LOG = LoggerFactory.getLogger(StreamServiceApplication.class);
    private static final long REMOVAL_INTERVAL_SECONDS = 60;
    private static final long REFRESH_INTERVAL_SECONDS = 1;
    private static final Duration SPENT_HEAP_PATIENCE = Duration.ofSeconds(10);
    private static final long REPORT_INTERVAL_SECONDS = 1;

    public static void main(String[] args) throws Exception {
        // Messages, and the parsing of numbers and case, must not depend on the machine's language.
        Locale.setDefault(Locale.ROOT);
        HeapWatchdog.start(SPENT_HEAP_PATIENCE);
        new StreamServiceApplication().run(args);
    }

    /** Runs as Dropwizard does, but refuses abbreviated commands. */
    @Override
    public void run(String... arguments) {
        Bootstrap<StreamServiceConfiguration> bootstrap = new Bootstrap<>(this);
        addDefaultCommands(bootstrap);
        initialize(bootstrap);
        Set<String> commands =
                bootstrap.getCommands().stream().map(Command::getName).collect(Collectors.toSet());
        Optional<String> mistake = CommandNames.mistake(commands, arguments);
        if (mistake.isPresent()) {
            System.err.println("thezone: " + mistake.get());
            onFatalError(new IllegalArgumentException(mistake.get()));
            return;
        }
        bootstrap.registerMetrics();
        new Cli(new JarLocation(getClass()), bootstrap, System.out, System.err)
                .run(arguments)
                .ifPresent(this::onFatalError);
    }

    @Override
    public String getName() {
        return "thezone";
    }

    @Override
    public void initialize(Bootstrap<StreamServiceConfiguration> bootstrap) {
        bootstrap.setConfigurationFactoryFactory(StreamServiceConfigurationFactory::new);
        bootstrap.addCommand(new DatabaseMigrations());
        bootstrap.addCommand(new ChangeSessionKey());
        bootstrap.addCommand(new ChangeSessionFormat());
    }

    /** Adds Dropwizard's commands, with failures reported in one line each. */
    @Override
    protected void addDefaultCommands(Bootstrap<StreamServiceConfiguration> bootstrap) {
        bootstrap.addCommand(new ServerCommand<>(this) {
            @Override
            public void onError(Cli cli, Namespace namespace, Throwable failure) {
                CommandFailure.report(this, cli, failure);
            }
        });
        bootstrap.addCommand(new CheckConfiguration(this));
    }

    @Override
    public void run(StreamServiceConfiguration configuration, Environment environment) throws Exception {
        PortCheck.check(configuration);
        PlansInForce plans = configuration.quota().toPlans();
        Lease lease = configuration.streams().toLease();
        SessionCache cache = configuration.cache().build(environment, lease.duration());
        SessionRepository repository = configuration.store().build(environment);
        // PBKDF2 takes as long as the rest of the start, so both run at the same time.
        CompletableFuture<Void> keyCheck = CompletableFuture.runAsync(
                () -> repository.facts().ifPresent(it -> ChangeSessionKey.check(it, configuration.sessionKey())));
        GroupCommitSessionStore store = new GroupCommitSessionStore(
                repository,
                cache,
                new SessionKeys(configuration.sessionKey()),
                configuration.groupCommit(),
                answerThreads(environment),
                format(repository, environment));
        environment.lifecycle().manage(store);
        environment.metrics().registerGauge("thezone.cache.used", () -> store.usesCache() ? 1 : 0);
        repeat("lapsed-session-remover", new LapsedSessionRemover(repository), REMOVAL_INTERVAL_SECONDS, environment);
        refresh(plans, environment);

        StreamApi.Configuration api = configuration.toApi(plans);
        StreamApi.register(environment, store, api);
        if (configuration.grpc().enabled()) {
            GrpcServer server = GrpcApi.server(
                    configuration.grpc().address(), configuration.connections().grpc(), store, toGrpc(api));
            environment.lifecycle().manage(GrpcPort.of(server, configuration.getServerFactory()));
        }
        TaskEndpoint.register(new LogLevelTask(), environment);
        environment.lifecycle().addEventListener(ConnectionLimit.of(configuration.connections()));
        reportLogs(configuration, environment);

        HealthCheckRegistry checks = environment.healthChecks();
        checks.register("store", new StoreHealthCheck(store, repository));
        checks.register("queue", new NonCriticalHealthCheck(new QueueHealthCheck(store)));
        checks.register("cache", new NonCriticalHealthCheck(new CacheHealthCheck(cache)));
        exportMetrics(environment);
        announce(configuration, environment);
        await(keyCheck);
    }

    private static GrpcApi.Configuration toGrpc(StreamApi.Configuration api) {
        return new GrpcApi.Configuration(
                api.names(), api.plans(), api.derivedIds(), api.lease(), api.refusals(), api.gate(), api.authorize());
    }

    private static IntSupplier format(SessionRepository repository, Environment environment) {
        Optional<SessionFormat> agreed = repository.facts().map(SessionFormat::new);
        agreed.ifPresent(it -> repeat("session-format", it::refresh, REFRESH_INTERVAL_SECONDS, environment));
        return agreed.<IntSupplier>map(it -> it).orElse(() -> SessionFormat.NEWEST);
    }

    private static void await(CompletableFuture<Void> check) {
        try {
            check.join();
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        }
    }

    /** Answers are written on the server's own threads; none of them ever waits for a client. */
    private static Executor answerThreads(Environment environment) {
        ServerThreads threads = new ServerThreads();
        environment.lifecycle().addServerLifecycleListener(threads);
        return threads;
    }

    private static void refresh(PlansInForce plans, Environment environment) {
        TaskEndpoint.register(new ReloadPlansTask(plans), environment);
        if (plans.mayChange()) {
            repeat("plans-refresh", plans::refresh, REFRESH_INTERVAL_SECONDS, environment);
        }
    }

    private static void reportLogs(StreamServiceConfiguration configuration, Environment environment) {
        if (configuration.getLoggingFactory() instanceof BoundedLogging logging) {
            repeat("log-report", logging::report, REPORT_INTERVAL_SECONDS, environment);
        }
    }

    /** Repeats a task with a pause after each run. */
    private static void repeat(String name, Runnable task, long seconds, Environment environment) {
        ScheduledFuture<?> unused = environment
                .lifecycle()
                .scheduledExecutorService(name, true)
                .threads(1)
                .build()
                .scheduleWithFixedDelay(() -> runAndContinue(name, task), seconds, seconds, TimeUnit.SECONDS);
    }

    /** Catches every error, also an OutOfMemoryError that may pass: the executor does not repeat a task that throws. */
    private static void runAndContinue(String name, Runnable task) {
        try {
            task.run();
        } catch (Throwable e) {
            LOG.error("{} failed; trying again", name, e);
        }
    }

    private static void exportMetrics(Environment environment) {
        PrometheusRegistry registry = new PrometheusRegistry();
        DropwizardExports.builder().dropwizardRegistry(environment.metrics()).register(registry);
        environment.admin().addServlet("metrics", new MetricsAsText(registry)).addMapping("/metrics");
    }

    private static void announce(StreamServiceConfiguration configuration, Environment environment)
            throws IOException, ConfigurationException {
        if (StreamServiceConfigurationFactory.isShippedKey(configuration.sessionKey())) {
            LOG.warn("sessionKey (SESSION_KEY) has its default, which is public: set your own before this serves"
                    + " real viewers");
        }
        if (configuration.authorize().startsNewStreams()) {
            LOG.warn("authorize.withoutIdentity is new-stream: each request of a player that names no stream takes a"
                    + " slot, retries and segments included");
        }
        environment.lifecycle().addEventListener(new LifeCycle.Listener() {
            @Override
            public void lifeCycleStopping(LifeCycle server) {
                LOG.info("stopping: no more requests are taken");
            }

            @Override
            public void lifeCycleStopped(LifeCycle server) {
                LOG.info("stopped");
            }
        });
        environment.lifecycle().addServerLifecycleListener(server -> {
            LOG.info("streams are stored {}", configuration.store().describe());
            for (Connector connector : server.getConnectors()) {
                if (connector instanceof ServerConnector http) {
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
