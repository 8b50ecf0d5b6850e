package io.thezone.rest;

import com.codahale.metrics.health.HealthCheck;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.EnvironmentVariableSubstitutor;
import io.dropwizard.configuration.SubstitutingSourceProvider;
import io.dropwizard.configuration.YamlConfigurationFactory;
import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.testing.ConfigOverride;
import io.dropwizard.testing.DropwizardTestSupport;
import io.thezone.application.SessionStore;
import io.thezone.domain.Attributes;
import io.thezone.domain.Lease;
import io.thezone.domain.QuotaPlans;
import io.thezone.domain.StreamQuota;
import io.thezone.gateway.AuthorizationRules;
import io.thezone.gateway.DerivedStreamIds;
import io.thezone.gateway.Gate;
import io.thezone.gateway.HeaderNames;
import io.thezone.gateway.IdentityRules;
import io.thezone.gateway.PlanHeaders;
import io.thezone.gateway.Reason;
import io.thezone.gateway.RefusalLog;
import io.thezone.gateway.Source;
import io.thezone.rest.testing.HttpService;
import jakarta.validation.Validator;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import java.io.IOException;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The HTTP contract alone, over a store of the test, with what the shipped config.yml says of the server and of health. */
final class RestService extends HttpService {
    /** The name of the admin port. */
    static final String ADMIN_HOST = "admin.example";

    /** Every kind of place has something. */
    private static final AuthorizationRules AUTHORIZATION = new AuthorizationRules(
            new IdentityRules(
                    "Viewer-Method",
                    "",
                    List.of(IdentityRules.pattern("^/(?P<asset>[^/]*)/p/(?P<player>[^/?]*)")),
                    List.of(header("Session-Id"), new Source(Source.Kind.COOKIE, "sid")),
                    List.of(
                            header("Stream-Id"),
                            new Source(Source.Kind.COOKIE, "player"),
                            new Source(Source.Kind.QUERY, "player"),
                            new Source(Source.Kind.GROUP, "player"),
                            new Source(Source.Kind.CMCD, "sid")),
                    Map.of(
                            Attributes.DEVICE_ID, List.of(header("Device-Id")),
                            Attributes.ASSET_ID, List.of(new Source(Source.Kind.GROUP, "asset"))),
                    false,
                    Duration.ofSeconds(60)),
            Arrays.stream(Reason.values()).collect(Collectors.toMap(it -> it, RestService::status)),
            Duration.ZERO);

    private final Contract contract;

    private RestService(Contract contract, ConfigOverride... settings) throws Exception {
        super(new DropwizardTestSupport<Settings>(Contract.class, SHIPPED_CONFIGURATION, onFreePorts(settings)) {
            @Override
            public Application<Settings> newApplication() {
                return contract;
            }
        });
        this.contract = contract;
    }

    static RestService over(SessionStore store, ConfigOverride... settings) throws Exception {
        return behind(Gate.OPEN, store, settings);
    }

    /** One that pages of these origins may ask, and that echoes no session. */
    static RestService forPages(Set<String> origins, SessionStore store) throws Exception {
        RestService service = new RestService(new Contract(Gate.OPEN, store, true, origins, false));
        service.awaitUp();
        return service;
    }

    static RestService behind(Gate gate, SessionStore store, ConfigOverride... settings) throws Exception {
        RestService service = new RestService(new Contract(gate, store, true, Set.of(), true), settings);
        service.awaitUp();
        return service;
    }

    /** One whose health checks fail. */
    static RestService unwell(SessionStore store, ConfigOverride... settings) throws Exception {
        return new RestService(new Contract(Gate.OPEN, store, false, Set.of(), true), settings);
    }

    private static Source header(String name) {
        return new Source(Source.Kind.HEADER, name);
    }

    private static int status(Reason reason) {
        return switch (reason) {
            case NO_SESSION, UNUSABLE_SESSION -> 401;
            default -> 403;
        };
    }

    /** How many requests have reached Jersey. */
    int seenByJersey() {
        return contract.seenByJersey.get();
    }

    /** The part of the shipped settings that concerns the contract. */
    private static final class Settings extends Configuration {
        @JsonProperty
        private @Nullable HeaderNames headers;
    }

    private static final class Contract extends Application<Settings> {
        private final Gate gate;
        private final SessionStore store;
        private final boolean well;
        private final Set<String> origins;
        private final boolean echoSession;
        private final AtomicInteger seenByJersey = new AtomicInteger();

        Contract(Gate gate, SessionStore store, boolean well, Set<String> origins, boolean echoSession) {
            this.gate = gate;
            this.store = store;
            this.well = well;
            this.origins = origins;
            this.echoSession = echoSession;
        }

        @Override
        public void initialize(Bootstrap<Settings> bootstrap) {
            bootstrap.setConfigurationSourceProvider(new SubstitutingSourceProvider(
                    bootstrap.getConfigurationSourceProvider(), new EnvironmentVariableSubstitutor(false)));
            bootstrap.setConfigurationFactoryFactory(WithoutTheRest::new);
        }

        @Override
        public void run(Settings configuration, Environment environment) {
            for (String check : new String[] {"store", "queue", "cache"}) {
                environment.healthChecks().register(check, new Check(well));
            }
            QuotaPlans plans = QuotaPlans.of(List.of(new StreamQuota("standard", 3)), "standard", false);
            StreamApi.register(
                    environment,
                    store,
                    new StreamApi.Configuration(
                            Objects.requireNonNull(configuration.headers),
                            new PlanHeaders("Stream-Plan", Optional.of("Stream-Limit"), () -> plans),
                            new DerivedStreamIds("secret"),
                            new Lease(Duration.ofSeconds(90), Duration.ofSeconds(30)),
                            new RefusalLog(100, Duration.ofMinutes(15)),
                            gate,
                            Set.of(ADMIN_HOST),
                            AUTHORIZATION,
                            origins,
                            Set.of("Stream-Id", "Retry-After"),
                            echoSession));
            environment.jersey().register(new Counter(seenByJersey));
        }
    }

    @PreMatching
    private record Counter(AtomicInteger requests) implements ContainerRequestFilter {
        @Override
        public void filter(ContainerRequestContext request) {
            requests.incrementAndGet();
        }
    }

    private static final class WithoutTheRest<T> extends YamlConfigurationFactory<T> {
        WithoutTheRest(Class<T> type, Validator validator, ObjectMapper mapper, String prefix) {
            super(type, validator, mapper, prefix);
        }

        @Override
        protected T build(JsonNode node, String path) throws IOException, ConfigurationException {
            ((ObjectNode) node).retain("headers", "server", "health", "logging");
            ((ObjectNode) node.path("logging")).retain("level", "loggers", "appenders");
            return super.build(node, path);
        }
    }

    private static final class Check extends HealthCheck {
        private final boolean passes;

        Check(boolean passes) {
            this.passes = passes;
        }

        @Override
        protected Result check() {
            return passes ? Result.healthy() : Result.unhealthy("it never passes");
        }
    }
}
