package io.thezone.rest;

import io.thezone.domain.PrintableAscii;
import io.thezone.domain.QuotaPlans;
import io.thezone.domain.SessionId;
import io.thezone.domain.StreamId;
import io.thezone.domain.StreamQuota;
import io.thezone.gateway.DerivedStreamIds;
import io.thezone.gateway.Placeholder;
import io.thezone.gateway.PlaceholderLog;
import io.thezone.rest.edge.HeaderValues;
import io.thezone.rest.problem.Problem;
import io.thezone.rest.problem.ProblemException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/** Reads ids and the plan from headers. A mistake is reported with the name of the header, never with its value. */
final class RequestHeaders {
    /** 1 to {@value StreamQuota#MAX_LIMIT}. */
    private static final Pattern LIMIT = Pattern.compile("[1-9][0-9]?|100");

    private final HeaderNames names;
    private final String plan;
    private final Optional<String> limit;
    private final Supplier<QuotaPlans> plans;
    private final DerivedStreamIds derivedIds;
    private final PlaceholderLog placeholders;

    RequestHeaders(
            HeaderNames names,
            String plan,
            Optional<String> limit,
            Supplier<QuotaPlans> plans,
            DerivedStreamIds derivedIds,
            PlaceholderLog placeholders) {
        this.names = names;
        this.plan = plan;
        this.limit = limit;
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

    /**
     * The plan that the request names, or the default plan if it names none, with the viewer's own limit if the request has one;
     * empty if no plan has the name.
     */
    Optional<StreamQuota> quota(HeaderValues headers) {
        Optional<StreamQuota> named = namedQuota(headers);
        if (limit.isEmpty()) {
            return named;
        }
        Optional<Integer> own = read(headers, limit.get(), RequestHeaders::limit);
        return own.isEmpty() ? named : named.map(it -> it.withLimit(own.get()));
    }

    private Optional<StreamQuota> namedQuota(HeaderValues headers) {
        QuotaPlans known = plans.get();
        Optional<String> name = read(headers, plan, Function.identity());
        return name.isEmpty() || name.get().isEmpty() ? Optional.of(known.defaultPlan()) : known.named(name.get());
    }

    Problem unknownPlan() {
        return Problem.badRequest(plan + " names a plan that is not known; known are "
                + String.join(", ", plans.get().names()));
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

    /** Reads a limit as strictly as a gateway can be expected to write it: no sign, no leading zero. */
    private static int limit(String value) {
        if (!LIMIT.matcher(value).matches()) {
            throw new IllegalArgumentException("must be a whole number, 1 to " + StreamQuota.MAX_LIMIT);
        }
        return Integer.parseInt(value);
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
        List<String> values = headers.get(name);
        if (values.isEmpty()) {
            return Optional.empty();
        }
        if (values.size() > 1) {
            throw new ProblemException(
                    Problem.badRequest(name + " must be sent once, not " + values.size() + " times"));
        }
        // A proxy may join two header lines with a comma (RFC 9110, section 5.3).
        if (values.get(0).indexOf(',') >= 0) {
            throw new ProblemException(Problem.badRequest(name + " must be one value; a comma separates two"));
        }
        try {
            return Optional.of(parse.apply(values.get(0)));
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.badRequest(name + " " + e.getMessage()));
        }
    }
}
