package io.thezone.rest;

import io.thezone.domain.PrintableAscii;
import io.thezone.domain.SessionId;
import io.thezone.domain.StreamId;
import io.thezone.domain.StreamQuota;
import io.thezone.gateway.DerivedStreamIds;
import io.thezone.gateway.HeaderNames;
import io.thezone.gateway.HeaderValues;
import io.thezone.gateway.Placeholder;
import io.thezone.gateway.PlaceholderLog;
import io.thezone.gateway.PlanHeaders;
import io.thezone.gateway.RandomIds;
import io.thezone.rest.problem.Problem;
import io.thezone.rest.problem.ProblemException;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reads ids and the plan from headers. A mistake is reported with the name of the header, never with its value. */
final class RequestHeaders {
    private final HeaderNames names;
    private final PlanHeaders plans;
    private final DerivedStreamIds derivedIds;
    private final PlaceholderLog placeholders;

    RequestHeaders(HeaderNames names, PlanHeaders plans, DerivedStreamIds derivedIds, PlaceholderLog placeholders) {
        this.names = names;
        this.plans = plans;
        this.derivedIds = derivedIds;
        this.placeholders = placeholders;
    }

    SessionId session(HeaderValues headers) {
        return read(headers, names.session(), this::session)
                .orElseThrow(() -> new ProblemException(Problem.badRequest(names.session() + " required")));
    }

    private SessionId session(String value) {
        if (!value.isEmpty() && Placeholder.is(value)) {
            placeholders.found("the header " + names.session());
            throw new IllegalArgumentException("is a placeholder that the gateway did not fill in");
        }
        return new SessionId(value);
    }

    /** @see PlanHeaders#quota */
    Optional<StreamQuota> quota(HeaderValues headers) {
        return usable(() -> plans.quota(headers));
    }

    Problem unknownPlan() {
        return Problem.badRequest(plans.unknownPlan());
    }

    /** The stream that the request names, or a new one if it names none; an empty name, and a gateway's placeholder, count as none. */
    StreamId streamOrNew(HeaderValues headers) {
        return stream(headers).orElseGet(RequestHeaders::newStream);
    }

    /** The stream of the request's idempotency key, the same for every request with that key; empty without a key. */
    Optional<StreamId> idempotentStream(HeaderValues headers, SessionId session) {
        Optional<StreamId> idempotent =
                read(headers, names.idempotency(), RequestHeaders::key).map(key -> derivedIds.ofKey(session, key));
        if (idempotent.isPresent() && stream(headers).isPresent()) {
            throw new ProblemException(Problem.badRequest(
                    "send " + names.stream() + " or " + names.idempotency() + ", not both: each makes the stream id"));
        }
        return idempotent;
    }

    Problem keyRequired() {
        return Problem.badRequest(names.idempotency()
                + " required: it names the stream to stop; one whose id is known is stopped with DELETE /streams/{id}");
    }

    /** The stream that a segment of the path names. */
    static StreamId stream(String segment) {
        try {
            return new StreamId(segment);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.badRequest("the stream id in the path " + e.getMessage()));
        }
    }

    private Optional<StreamId> stream(HeaderValues headers) {
        return read(
                        headers,
                        names.stream(),
                        id -> Placeholder.is(id) ? Optional.<StreamId>empty() : Optional.of(new StreamId(id)))
                .flatMap(Function.identity());
    }

    private static StreamId newStream() {
        return new StreamId(RandomIds.next());
    }

    private static String key(String value) {
        if (value.isEmpty()
                || value.length() > DerivedStreamIds.MAX_KEY_LENGTH
                || !value.chars().allMatch(PrintableAscii::is)) {
            throw new IllegalArgumentException(
                    "must have 1 to " + DerivedStreamIds.MAX_KEY_LENGTH + " printable ASCII characters without commas");
        }
        return value;
    }

    private static <T> Optional<T> read(HeaderValues headers, String name, Function<String, T> parse) {
        return usable(() -> headers.single(name, parse));
    }

    private static <T> T usable(Supplier<T> value) {
        try {
            return value.get();
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.badRequest(String.valueOf(e.getMessage())));
        }
    }
}
