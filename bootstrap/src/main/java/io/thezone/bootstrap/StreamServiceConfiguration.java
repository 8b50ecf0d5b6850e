package io.thezone.bootstrap;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.common.base.Splitter;
import com.google.common.net.InternetDomainName;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import io.thezone.gateway.DerivedStreamIds;
import io.thezone.gateway.Gate;
import io.thezone.gateway.HeaderNames;
import io.thezone.gateway.PlanHeaders;
import io.thezone.grpc.GrpcApi;
import io.thezone.persistence.engine.GroupCommitConfiguration;
import io.thezone.persistence.postgresql.DatabaseStore;
import io.thezone.persistence.spi.SessionCacheFactory;
import io.thezone.persistence.spi.SessionRepositoryFactory;
import io.thezone.rest.StreamApi;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The configuration, as read from config.yml, where each key is explained. */
@SelfValidating
public final class StreamServiceConfiguration extends Configuration {
    static final String LEVELS = "must be OFF, ERROR, WARN, INFO, DEBUG, TRACE or ALL";

    @Valid
    @NotNull
    @JsonProperty
    private final StreamsConfiguration streams;

    @Valid
    @NotNull
    @JsonProperty
    private final QuotaConfiguration quota;

    @Valid
    @NotNull
    @JsonProperty
    private final HeaderNames headers;

    @Valid
    @NotNull
    @JsonProperty
    private final AuthorizeConfiguration authorize;

    @Valid
    @NotNull
    @JsonProperty
    private final WatchConfiguration watch;

    @Valid
    @NotNull
    @JsonProperty
    private final CorsConfiguration cors;

    @Valid
    @NotNull
    @JsonProperty
    private final GrpcConfiguration grpc;

    @NotEmpty
    @JsonProperty
    private final String sessionKey;

    @Valid
    @NotNull
    @JsonProperty
    private final ConnectionsConfiguration connections;

    @NotNull
    @JsonProperty
    private final String adminHosts;

    @Valid
    @NotNull
    @JsonProperty
    private final SessionRepositoryFactory store;

    @Valid
    @NotNull
    @JsonProperty
    private final SessionCacheFactory cache;

    @Valid
    @NotNull
    @JsonProperty
    private final GroupCommitConfiguration groupCommit;

    @JsonCreator
    StreamServiceConfiguration(
            @JsonProperty("streams") StreamsConfiguration streams,
            @JsonProperty("quota") QuotaConfiguration quota,
            @JsonProperty("headers") HeaderNames headers,
            @JsonProperty("authorize") AuthorizeConfiguration authorize,
            @JsonProperty("watch") WatchConfiguration watch,
            @JsonProperty("cors") CorsConfiguration cors,
            @JsonProperty("grpc") GrpcConfiguration grpc,
            @JsonProperty("sessionKey") String sessionKey,
            @JsonProperty("connections") ConnectionsConfiguration connections,
            @JsonProperty("adminHosts") String adminHosts,
            @JsonProperty("store") SessionRepositoryFactory store,
            @JsonProperty("cache") SessionCacheFactory cache,
            @JsonProperty("groupCommit") GroupCommitConfiguration groupCommit) {
        this.streams = streams;
        this.quota = quota;
        this.headers = headers;
        this.authorize = authorize;
        this.watch = watch;
        this.cors = cors;
        this.grpc = grpc;
        this.sessionKey = sessionKey;
        this.connections = connections;
        this.adminHosts = adminHosts;
        this.store = store;
        this.cache = cache;
        this.groupCommit = groupCommit;
    }

    /** Validates settings across sections, and those that Dropwizard does not validate. */
    @SelfValidation
    public void validate(ViolationCollector violations) {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        Stream.of(Stream.of(quota.header()), quota.limitHeader().stream(), headers.all().stream())
                .flatMap(it -> it)
                .filter(name -> !names.add(name))
                .forEach(name -> violations.addViolation(
                        "headers",
                        "must differ, also from quota.header and quota.limitHeader: " + name + " stands twice"));
        if (authorize.maxAge().toNanoseconds() > streams.heartbeat().toNanoseconds()) {
            violations.addViolation(
                    "authorize.maxAge", "must not be longer than streams.heartbeat: a stop would be noticed too late");
        }
        if (grpc.enabled()) {
            authorize.toRules().statuses().forEach((reason, status) -> {
                if (!GrpcApi.isKnownToEnvoy(status)) {
                    violations.addViolation(
                            "authorize.denials",
                            "must be statuses that Envoy knows, since grpc is enabled: not " + status + " for "
                                    + reason.word());
                }
            });
        }
        if (store instanceof DatabaseStore database && database.connections() <= groupCommit.writers()) {
            violations.addViolation(
                    "store.connections",
                    "must be at least one more than groupCommit.writers: " + database.connections()
                            + " are too few for " + groupCommit.writers());
        }
        if (getServerFactory() instanceof DefaultServerFactory server) {
            if (Stream.of(server.getUser(), server.getGroup(), server.getUmask())
                            .anyMatch(Objects::nonNull)
                    || Stream.of(
                                    server.getUid(),
                                    server.getGid(),
                                    server.getNofileSoftLimit(),
                                    server.getNofileHardLimit())
                            .anyMatch(Objects::nonNull)) {
                violations.addViolation(
                        "server",
                        "must not choose user, group, umask or limits of files: start the service as that user, with these limits");
            }
        } else {
            violations.addViolation(
                    "server.type", "must be default: with another, viewers would reach the admin pages");
        }
        for (String host : adminHosts()) {
            if (!InternetDomainName.isValid(host)) {
                violations.addViolation("adminHosts", "must be host names without ports, separated by commas");
            }
        }
        cors.originSet().stream()
                .filter(origin -> !CorsConfiguration.isOrigin(origin))
                .forEach(origin -> violations.addViolation(
                        "cors.origins",
                        "must be origins as browsers send them, as in https://www.example.com, separated by commas: not "
                                + origin));
        if (cors.exposedHeaders().stream().anyMatch(headers.session()::equalsIgnoreCase)) {
            violations.addViolation(
                    "cors.exposedHeaders",
                    "must not have " + headers.session() + ": scripts of pages could read the session");
        }
        if (getLoggingFactory() instanceof BoundedLogging logging) {
            validateLevel("logging.level", logging.getLevel(), violations);
            logging.getLoggers().forEach((name, logger) -> {
                String level = logger.isObject() ? logger.path("level").asText("INFO") : logger.asText();
                validateLevel("logging.loggers." + name, level, violations);
            });
        } else {
            violations.addViolation("logging.type", "must be bounded: another kind would write session ids at TRACE");
        }
    }

    /** YAML reads OFF without quotes as false, and Dropwizard reads false as OFF. */
    private static void validateLevel(String setting, String level, ViolationCollector violations) {
        if (Level.toLevel(level, null) == null && !level.equals("false")) {
            violations.addViolation(setting, LEVELS + ", not " + level);
        }
    }

    StreamsConfiguration streams() {
        return streams;
    }

    QuotaConfiguration quota() {
        return quota;
    }

    HeaderNames headers() {
        return headers;
    }

    StreamApi.Configuration toApi(PlansInForce plans) {
        return new StreamApi.Configuration(
                headers,
                new PlanHeaders(quota.header(), quota.limitHeader(), plans),
                new DerivedStreamIds(sessionKey),
                streams.toLease(),
                quota.decisions().toLog(),
                Gate.OPEN,
                adminHosts(),
                authorize.toRules(),
                cors.originSet(),
                Set.copyOf(cors.exposedHeaders()),
                watch.echoSession());
    }

    AuthorizeConfiguration authorize() {
        return authorize;
    }

    GrpcConfiguration grpc() {
        return grpc;
    }

    String sessionKey() {
        return sessionKey;
    }

    ConnectionsConfiguration connections() {
        return connections;
    }

    /** In lower case, because host names ignore case. */
    Set<String> adminHosts() {
        return Splitter.on(',')
                .trimResults()
                .omitEmptyStrings()
                .splitToStream(adminHosts.toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
    }

    SessionRepositoryFactory store() {
        return store;
    }

    SessionCacheFactory cache() {
        return cache;
    }

    GroupCommitConfiguration groupCommit() {
        return groupCommit;
    }
}
