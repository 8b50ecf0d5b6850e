package io.thezone.rest;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.thezone.domain.QuotaPlans;
import io.thezone.domain.SessionId;
import io.thezone.domain.StreamId;
import io.thezone.domain.StreamQuota;
import io.thezone.rest.edge.HeaderValues;
import io.thezone.rest.problem.Problem;
import io.thezone.rest.problem.ProblemException;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** Reads ids, and the plan, from headers; what is wrong with one is said by its name, never by its value. */
final class RequestHeaders {
    private final HeaderNames names;
    private final String plan;
    private final Supplier<QuotaPlans> plans;
    private final IdempotentStreamIds idempotentIds;

    RequestHeaders(HeaderNames names, String plan, Supplier<QuotaPlans> plans, IdempotentStreamIds idempotentIds) {
        this.names = names;
        this.plan = plan;
        this.plans = plans;
        this.idempotentIds = idempotentIds;
    }

    SessionId session(HeaderValues headers) {
        return read(headers, names.session(), SessionId::new)
                .orElseThrow(() -> new ProblemException(Problem.badRequest(names.session() + " required")));
    }

    /** The plan that the request names, the default one if it names none; empty if no plan has that name. */
    Optional<StreamQuota> quota(HeaderValues headers) {
        QuotaPlans known = plans.get();
        Optional<String> name = read(headers, plan, Function.identity());
        return name.isEmpty() || name.get().isEmpty() ? Optional.of(known.defaultPlan()) : known.named(name.get());
    }

    Problem unknownPlan() {
        return Problem.badRequest(plan + " names a plan that is not known; known are "
                + String.join(", ", plans.get().names()));
    }

    /** The stream that the request is about, a new one if it names none; an empty name is none. */
    StreamId streamOrNew(HeaderValues headers) {
        return stream(headers).orElseGet(RequestHeaders::newStream);
    }

    /** The stream that the request is about by its idempotency key: all with that key are about the same. */
    Optional<StreamId> idempotentStream(HeaderValues headers, SessionId session) {
        Optional<StreamId> idempotent =
                read(headers, names.idempotency(), RequestHeaders::key).map(key -> idempotentIds.of(session, key));
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

    /** The stream that a path names. */
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
                        id -> id.isEmpty() ? Optional.<StreamId>empty() : Optional.of(new StreamId(id)))
                .flatMap(Function.identity());
    }

    private static StreamId newStream() {
        return new StreamId(RandomIds.next());
    }

    private static String key(String value) {
        if (value.isEmpty() || value.length() > IdempotentStreamIds.MAX_KEY_LENGTH || !isPrintable(value)) {
            throw new IllegalArgumentException("must have 1 to " + IdempotentStreamIds.MAX_KEY_LENGTH
                    + " printable ASCII characters without commas");
        }
        return value;
    }

    private static boolean isPrintable(String value) {
        return US_ASCII.newEncoder().canEncode(value) && value.chars().noneMatch(Character::isISOControl);
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
        // A proxy may join two lines so (RFC 9110, section 5.3).
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
