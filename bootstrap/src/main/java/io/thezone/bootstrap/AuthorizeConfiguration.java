package io.thezone.bootstrap;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.google.common.collect.Maps;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MinDuration;
import io.thezone.gateway.AuthorizationRules;
import io.thezone.gateway.IdentityRules;
import io.thezone.gateway.Reason;
import io.thezone.gateway.Source;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The {@code authorize} section.
 *
 * @param methodHeader the name of the header with the viewer's method; empty if the question has it
 * @param uriHeader the name of the header with the viewer's path and query; empty if the gateway appends them to the path
 * @param patterns regular expressions over the viewer's path and query
 * @param session the places of the session id
 * @param stream the places of the stream id
 * @param attributes the places of each attribute, by its name
 * @param withoutIdentity {@code deny} or {@code new-stream}: what happens to a request that names neither stream nor device
 * @param restartPause for how long after its end a stream is not started again by a late request; at most 10 minutes
 * @param maxAge for how long a gateway may cache that a stream is allowed
 * @param denials the status for each reason to deny
 */
public record AuthorizeConfiguration(
        @NotNull String methodHeader,
        @NotNull String uriHeader,
        @NotNull @JsonSetter(contentNulls = Nulls.FAIL) List<String> patterns,
        @NotNull @JsonSetter(contentNulls = Nulls.FAIL) List<Place> session,
        @NotNull @JsonSetter(contentNulls = Nulls.FAIL) List<Place> stream,
        @NotNull @JsonSetter(contentNulls = Nulls.FAIL) Map<String, List<Place>> attributes,
        @NotNull String withoutIdentity,
        @NotNull Duration restartPause,
        @NotNull @MinDuration(value = 0, unit = TimeUnit.SECONDS) Duration maxAge,
        @Valid @NotNull Denials denials) {

    private static final String NEW_STREAM = "new-stream";
    private static final List<String> WITHOUT_IDENTITY = List.of("deny", NEW_STREAM);

    /** A place of a value: exactly one of its members is set. */
    public record Place(
            @Nullable String header,
            @Nullable String cookie,
            @Nullable String query,
            @Nullable String group,
            @Nullable String cmcd) {

        /** @throws IllegalArgumentException if not exactly one member is set */
        public Place {
            source(header, cookie, query, group, cmcd);
        }

        Source toSource() {
            return source(header, cookie, query, group, cmcd);
        }

        private static Source source(
                @Nullable String header,
                @Nullable String cookie,
                @Nullable String query,
                @Nullable String group,
                @Nullable String cmcd) {
            Map<Source.Kind, String> named = new EnumMap<>(Source.Kind.class);
            putIfSet(named, Source.Kind.HEADER, header);
            putIfSet(named, Source.Kind.COOKIE, cookie);
            putIfSet(named, Source.Kind.QUERY, query);
            putIfSet(named, Source.Kind.GROUP, group);
            putIfSet(named, Source.Kind.CMCD, cmcd);
            if (named.size() != 1) {
                throw new IllegalArgumentException(
                        "a place is one of header, cookie, query, group and cmcd, with a name, as in {cookie: sid}");
            }
            Map.Entry<Source.Kind, String> only = named.entrySet().iterator().next();
            return new Source(only.getKey(), only.getValue());
        }

        private static void putIfSet(Map<Source.Kind, String> named, Source.Kind kind, @Nullable String name) {
            if (name != null && !name.isEmpty()) {
                named.put(kind, name);
            }
        }
    }

    /** The statuses of denials. */
    public record Denials(
            @Min(400) @Max(599) int full,
            @Min(400) @Max(599) int ended,
            @Min(400) @Max(599) int noSession,
            @Min(400) @Max(599) int unusableSession,
            @Min(400) @Max(599) int unknownPlan,
            @Min(400) @Max(599) int missingAttribute,
            @Min(400) @Max(599) int noStreamIdentity,
            @Min(400) @Max(599) int unusableValue,
            @Min(400) @Max(599) int noDecision) {

        Map<Reason, Integer> toStatuses() {
            return Map.of(
                    Reason.FULL, full,
                    Reason.ENDED, ended,
                    Reason.NO_SESSION, noSession,
                    Reason.UNUSABLE_SESSION, unusableSession,
                    Reason.UNKNOWN_PLAN, unknownPlan,
                    Reason.MISSING_ATTRIBUTE, missingAttribute,
                    Reason.NO_STREAM_IDENTITY, noStreamIdentity,
                    Reason.UNUSABLE_VALUE, unusableValue,
                    Reason.NO_DECISION, noDecision);
        }
    }

    /** @throws IllegalArgumentException if the places of values are wrong, with the reason */
    public AuthorizeConfiguration {
        if (Stream.of(methodHeader, uriHeader, patterns, session, stream, attributes, withoutIdentity, restartPause)
                .allMatch(Objects::nonNull)) {
            identity(methodHeader, uriHeader, patterns, session, stream, attributes, withoutIdentity, restartPause);
        }
    }

    private static IdentityRules identity(
            String methodHeader,
            String uriHeader,
            List<String> patterns,
            List<Place> session,
            List<Place> stream,
            Map<String, List<Place>> attributes,
            String withoutIdentity,
            Duration restartPause) {
        if (!WITHOUT_IDENTITY.contains(withoutIdentity)) {
            throw new IllegalArgumentException(
                    "withoutIdentity must be " + String.join(" or ", WITHOUT_IDENTITY) + ", not " + withoutIdentity);
        }
        return new IdentityRules(
                methodHeader,
                uriHeader,
                patterns.stream().map(IdentityRules::pattern).toList(),
                sources(session),
                sources(stream),
                Maps.transformValues(attributes, AuthorizeConfiguration::sources),
                withoutIdentity.equals(NEW_STREAM),
                restartPause.toJavaDuration());
    }

    private static List<Source> sources(List<Place> places) {
        return places.stream().map(Place::toSource).toList();
    }

    @JsonIgnore
    boolean startsNewStreams() {
        return withoutIdentity.equals(NEW_STREAM);
    }

    AuthorizationRules toRules() {
        return new AuthorizationRules(
                identity(methodHeader, uriHeader, patterns, session, stream, attributes, withoutIdentity, restartPause),
                denials.toStatuses(),
                maxAge.toJavaDuration());
    }
}
