package io.thezone.bootstrap;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.core.Configuration;
import io.dropwizard.util.Duration;
import io.thezone.persistence.embedded.EmbeddedPostgresqlStoreFactory;
import io.thezone.persistence.hazelcast.HazelcastCacheFactory;
import io.thezone.persistence.spi.GroupCommitSettings;
import io.thezone.persistence.spi.SessionCacheFactory;
import io.thezone.persistence.spi.SessionRepositoryFactory;
import io.thezone.rest.HeaderNames;
import io.thezone.rest.StreamApi;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;

/** What config.yml says; each key is explained there. */
public final class StreamServiceConfiguration extends Configuration {
    /** Published with the source: whoever uses it can compute the key of any session id. */
    static final String DEFAULT_SESSION_KEY = "change-me-this-key-is-public";

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
    private SessionRepositoryFactory store = new EmbeddedPostgresqlStoreFactory();

    @Valid
    @NotNull
    @JsonProperty
    private SessionCacheFactory cache = new HazelcastCacheFactory();

    @Valid
    @NotNull
    @JsonProperty
    private GroupCommitSettings groupCommit = new GroupCommitSettings(1, 10_000, 500, 20_000);

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
