package io.thezone.bootstrap;

import ch.qos.logback.classic.Level;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.common.base.Splitter;
import com.google.common.net.InternetDomainName;
import io.dropwizard.core.Configuration;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.selfvalidating.SelfValidating;
import io.dropwizard.validation.selfvalidating.SelfValidation;
import io.dropwizard.validation.selfvalidating.ViolationCollector;
import io.thezone.persistence.embedded.EmbeddedPostgresqlStoreFactory;
import io.thezone.persistence.engine.GroupCommitSettings;
import io.thezone.persistence.hazelcast.HazelcastCacheFactory;
import io.thezone.persistence.postgresql.DatabaseStore;
import io.thezone.persistence.spi.SessionCacheFactory;
import io.thezone.persistence.spi.SessionRepositoryFactory;
import io.thezone.rest.HeaderNames;
import io.thezone.rest.StreamApi;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** What config.yml says; each key is explained there. */
@SelfValidating
public final class StreamServiceConfiguration extends Configuration {
    /** Published with the source: whoever uses it can compute the key of any session id. */
    static final String DEFAULT_SESSION_KEY = "change-me-this-key-is-public";

    static final String LEVELS = "must be OFF, ERROR, WARN, INFO, DEBUG, TRACE or ALL";

    @Valid
    @NotNull
    @JsonProperty
    private StreamsConfiguration streams = new StreamsConfiguration(Duration.seconds(90), Duration.seconds(30));

    @Valid
    @NotNull
    @JsonProperty
    private QuotaConfiguration quota = QuotaConfiguration.DEFAULT;

    @Valid
    @NotNull
    @JsonProperty
    private HeaderNames headers = HeaderNames.DEFAULT;

    @NotEmpty
    @JsonProperty
    private String sessionKey = DEFAULT_SESSION_KEY;

    @Valid
    @NotNull
    @JsonProperty
    private ConnectionLimits connections = ConnectionLimits.DEFAULT;

    @NotNull
    @JsonProperty
    private String adminHosts = "";

    @Valid
    @NotNull
    @JsonProperty
    private SessionRepositoryFactory store = new EmbeddedPostgresqlStoreFactory();

    @Valid
    @NotNull
    @JsonProperty
    private SessionCacheFactory cache = new HazelcastCacheFactory();

    @Valid
    @NotNull
    @JsonProperty
    private GroupCommitSettings groupCommit = new GroupCommitSettings(1, 10_000, 500, 100_000);

    /** What no section can tell by itself, or Dropwizard lets pass. */
    @SelfValidation
    public void validate(ViolationCollector violations) {
        Set<String> names = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
        names.add(quota.header());
        for (String name : headers.all()) {
            if (!names.add(name)) {
                violations.addViolation("headers", "must differ, also from quota.header: " + name + " stands twice");
            }
        }
        if (store instanceof DatabaseStore database && database.connections() <= groupCommit.writers()) {
            violations.addViolation(
                    "store.connections",
                    "must be at least one more than groupCommit.writers: " + database.connections()
                            + " are too few for " + groupCommit.writers());
        }
        for (String host : adminHosts()) {
            if (!InternetDomainName.isValid(host)) {
                violations.addViolation("adminHosts", "must be host names without ports, separated by commas");
            }
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

    /** YAML and Dropwizard take an OFF without quotes for false, and back. */
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

    StreamApi.Settings toApi(PlansInForce plans) {
        return new StreamApi.Settings(
                headers,
                quota.header(),
                plans,
                streams.toLease(),
                quota.decisions().toLog(),
                sessionKey);
    }

    String sessionKey() {
        return sessionKey;
    }

    ConnectionLimits connections() {
        return connections;
    }

    /** Without case, as host names are. */
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

    GroupCommitSettings groupCommit() {
        return groupCommit;
    }
}
