package io.thezone.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.thezone.application.StreamTerms;
import io.thezone.domain.Attributes;
import io.thezone.domain.Stream;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A stream as JSON. Times are ISO-8601 UTC, durations whole seconds. */
@JsonInclude(JsonInclude.Include.NON_NULL)
@JsonPropertyOrder({
    "streamId",
    "startedAt",
    "lastSeenAt",
    "expiresAt",
    "expiresInSeconds",
    "heartbeatSeconds",
    "active",
    "limit",
    "device",
    "asset",
    "profile"
})
record StreamView(
        String streamId,
        String startedAt,
        String lastSeenAt,
        String expiresAt,
        long expiresInSeconds,
        long heartbeatSeconds,
        @Nullable Integer active,
        @Nullable Integer limit,
        @Nullable Map<String, String> device,
        @Nullable Map<String, String> asset,
        @Nullable String profile) {

    /** One stream by itself, beside how many live and may live. */
    static StreamView single(Stream stream, int active, StreamTerms terms, Instant now) {
        return of(stream, active, terms.quota().limit(), terms, now);
    }

    /** One of several. */
    static StreamView listed(Stream stream, StreamTerms terms, Instant now) {
        return of(stream, null, null, terms, now);
    }

    /** All that live, oldest first. */
    record ListView(int active, int limit, List<StreamView> streams) {}

    private static StreamView of(
            Stream stream, @Nullable Integer active, @Nullable Integer limit, StreamTerms terms, Instant now) {
        return new StreamView(
                stream.id().value(),
                stream.startedAt().toString(),
                stream.lastSeenAt().toString(),
                stream.expiresAt().toString(),
                Duration.between(now, stream.expiresAt()).toSeconds(),
                terms.lease().heartbeat().toSeconds(),
                active,
                limit,
                group("device.", stream.attributes()),
                group("asset.", stream.attributes()),
                stream.attributes().values().get(Attributes.PROFILE));
    }

    private static @Nullable Map<String, String> group(String prefix, Attributes attributes) {
        Map<String, String> members = new LinkedHashMap<>();
        attributes.values().forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                members.put(name.substring(prefix.length()), value);
            }
        });
        return members.isEmpty() ? null : members;
    }
}
