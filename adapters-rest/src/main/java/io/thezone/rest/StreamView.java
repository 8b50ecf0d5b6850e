package io.thezone.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.thezone.domain.Attributes;
import io.thezone.domain.EndedStream;
import io.thezone.domain.Lease;
import io.thezone.domain.Stream;
import io.thezone.domain.StreamQuota;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
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
    "profile",
    "location",
    "custom",
    "looksDead",
    "ended"
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
        @Nullable String profile,
        @Nullable String location,
        @Nullable Map<String, String> custom,
        @Nullable Boolean looksDead,
        @Nullable List<EndView> ended) {

    /** A stream that ended so that another could start. */
    record EndView(String streamId, String reason) {
        static EndView of(EndedStream end) {
            return new EndView(end.id().value(), Spelling.of(end.reason()));
        }
    }

    /** A single stream, with the number of live streams, the limit if the plan is known, and the streams that ended for it. */
    static StreamView single(
            Stream stream, int active, Optional<StreamQuota> quota, List<EndedStream> ended, Lease lease, Instant now) {
        return of(
                stream,
                active,
                quota.map(StreamQuota::limit).orElse(null),
                null,
                ended.isEmpty() ? null : ended.stream().map(EndView::of).toList(),
                lease,
                now);
    }

    /** A stream in a list. */
    static StreamView listed(Stream stream, Lease lease, Instant now) {
        return of(stream, null, null, stream.looksDead(lease, now), null, lease, now);
    }

    /** All live streams, oldest first. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ListView(int active, @Nullable Integer limit, List<StreamView> streams) {}

    private static StreamView of(
            Stream stream,
            @Nullable Integer active,
            @Nullable Integer limit,
            @Nullable Boolean looksDead,
            @Nullable List<EndView> ended,
            Lease lease,
            Instant now) {
        Attributes attributes = stream.attributes();
        String startedAt = stream.startedAt().toString();
        // A new stream has both times the same; formatting one costs more than a tenth of the view.
        String lastSeenAt = stream.lastSeenAt().equals(stream.startedAt())
                ? startedAt
                : stream.lastSeenAt().toString();
        return new StreamView(
                stream.id().value(),
                startedAt,
                lastSeenAt,
                stream.expiresAt().toString(),
                Duration.between(now, stream.expiresAt()).toSeconds(),
                lease.heartbeat().toSeconds(),
                active,
                limit,
                group("device.", attributes),
                group("asset.", attributes),
                attributes.values().get(Attributes.PROFILE),
                attributes.values().get(Attributes.LOCATION),
                group(Attributes.CUSTOM, attributes),
                looksDead,
                ended);
    }

    static @Nullable Map<String, String> group(String prefix, Attributes attributes) {
        Map<String, String> members = new LinkedHashMap<>();
        attributes.values().forEach((name, value) -> {
            if (name.startsWith(prefix)) {
                members.put(name.substring(prefix.length()), value);
            }
        });
        return members.isEmpty() ? null : members;
    }
}
