package io.thezone.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.thezone.application.OverloadedException;
import io.thezone.application.StoreUnavailableException;
import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.ActiveStreams;
import io.thezone.domain.Attributes;
import io.thezone.domain.EndedStream;
import io.thezone.domain.ExhaustedRule;
import io.thezone.domain.Lease;
import io.thezone.domain.MissingAttribute;
import io.thezone.domain.ReleaseOutcome;
import io.thezone.domain.RenewOutcome;
import io.thezone.domain.SessionId;
import io.thezone.domain.Stream;
import io.thezone.domain.StreamId;
import io.thezone.domain.StreamQuota;
import io.thezone.domain.Successor;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The one place that turns outcomes into HTTP. */
final class Answers {
    private static final String ADMITTED = "OK, you are now streaming content.";
    private static final String REFUSED = "Exceeded watch limit.";

    private final Lease lease;
    private final HeaderNames names;
    private final RefusalLog refusals;
    private final Supplier<Problem> unknownPlan;

    Answers(Lease lease, HeaderNames names, RefusalLog refusals, Supplier<Problem> unknownPlan) {
        this.lease = lease;
        this.names = names;
        this.refusals = refusals;
        this.unknownPlan = unknownPlan;
    }

    /** What {@code /watch} answers: only 200 and 401 mean something to a gateway. */
    Response watch(AcquireOutcome outcome, SessionId session, StreamId stream, Optional<StreamQuota> quota, Form form) {
        if (outcome instanceof AcquireOutcome.Admitted admitted) {
            return watching(admitted.stream(), form, session, () -> view(admitted, quota));
        }
        if (outcome instanceof AcquireOutcome.Renewed renewed) {
            return watching(renewed.stream(), form, session, () -> view(renewed, quota));
        }
        Problem problem = problem(outcome, stream, quota, form);
        return problem.status() == Response.Status.BAD_REQUEST.getStatusCode()
                ? problem.toResponse(form)
                : problem.withStatus(Response.Status.UNAUTHORIZED)
                        .withHeader(HttpHeaders.WWW_AUTHENTICATE, "Session realm=\"streams\"")
                        .toResponse(form);
    }

    /** What asking for a stream answers in the streams API. */
    Response acquire(AcquireOutcome outcome, StreamId stream, Optional<StreamQuota> quota) {
        if (outcome instanceof AcquireOutcome.Admitted admitted) {
            return single(Response.Status.CREATED, view(admitted, quota))
                    .header(HttpHeaders.LOCATION, "/streams/" + stream.value())
                    .build();
        }
        if (outcome instanceof AcquireOutcome.Renewed renewed) {
            return single(Response.Status.OK, view(renewed, quota)).build();
        }
        return problem(outcome, stream, quota, Form.JSON).toResponse(Form.JSON);
    }

    Response renew(RenewOutcome outcome, Optional<StreamQuota> quota) {
        if (outcome instanceof RenewOutcome.Renewed renewed) {
            return single(
                            Response.Status.OK,
                            StreamView.single(
                                    renewed.stream(), renewed.active(), quota, List.of(), lease, renewed.decidedAt()))
                    .build();
        }
        return gone(((RenewOutcome.Lost) outcome).end()).toResponse(Form.JSON);
    }

    Response release(ReleaseOutcome outcome) {
        return Response.noContent().build();
    }

    Response list(ActiveStreams active, Optional<StreamQuota> quota) {
        return Response.ok(
                        new StreamView.ListView(
                                active.streams().size(),
                                quota.map(StreamQuota::limit).orElse(null),
                                active.streams().stream()
                                        .map(stream -> StreamView.listed(stream, lease, active.decidedAt()))
                                        .toList()),
                        MediaType.APPLICATION_JSON_TYPE)
                .build();
    }

    /** Nothing was decided, or nobody knows. */
    static Problem failure(Throwable failure) {
        if (failure instanceof OverloadedException) {
            return Problem.typed(
                            Response.Status.SERVICE_UNAVAILABLE,
                            "overloaded",
                            "Overloaded",
                            "More is asked for than can be answered in time. Nothing was changed; try again.")
                    .withHeader(HttpHeaders.RETRY_AFTER, "1");
        }
        if (failure instanceof StoreUnavailableException) {
            return Problem.typed(
                            Response.Status.SERVICE_UNAVAILABLE,
                            "store-unavailable",
                            "Store unavailable",
                            "The store did not answer. The change may have been saved; try again with the same stream id.")
                    .withHeader(HttpHeaders.RETRY_AFTER, "1");
        }
        return Problem.of(Response.Status.INTERNAL_SERVER_ERROR, "The service failed; its log says why.");
    }

    private Response watching(Stream stream, Form form, SessionId session, Supplier<StreamView> view) {
        Response.ResponseBuilder response = form == Form.TEXT
                ? Response.ok(ADMITTED, MediaType.TEXT_PLAIN_TYPE)
                : Response.ok(view.get(), MediaType.APPLICATION_JSON_TYPE);
        return response.header(names.session(), session.value())
                .header(names.stream(), stream.id().value())
                .header(names.expires(), stream.expiresAt().toString())
                .header(names.heartbeat(), lease.heartbeat().toSeconds())
                .build();
    }

    private Response.ResponseBuilder single(Response.Status status, StreamView view) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .header(names.stream(), view.streamId())
                .entity(view);
    }

    private StreamView view(AcquireOutcome.Admitted admitted, Optional<StreamQuota> quota) {
        return StreamView.single(
                admitted.stream(), admitted.active(), quota, admitted.ended(), lease, admitted.decidedAt());
    }

    private StreamView view(AcquireOutcome.Renewed renewed, Optional<StreamQuota> quota) {
        return StreamView.single(
                renewed.stream(), renewed.active(), quota, renewed.ended(), lease, renewed.decidedAt());
    }

    /** Why there is no stream. */
    private Problem problem(AcquireOutcome outcome, StreamId stream, Optional<StreamQuota> quota, Form form) {
        if (outcome instanceof AcquireOutcome.Refused refused && quota.isPresent()) {
            return quotaExceeded(refused, stream, quota.get(), form);
        }
        if (outcome instanceof AcquireOutcome.Incomplete incomplete) {
            return incomplete(incomplete.missing());
        }
        if (outcome instanceof AcquireOutcome.Lost lost) {
            return gone(Optional.of(lost.end())).withHeader(names.stream(), stream.value());
        }
        return unknownPlan.get();
    }

    private static Problem incomplete(MissingAttribute missing) {
        return Problem.badRequest("the plan's rule " + missing.rule() + " needs " + missing.attribute()
                        + "; tell it in the body of POST /streams or PUT /streams/{id}")
                .with("rule", missing.rule())
                .with("attribute", missing.attribute());
    }

    private Problem quotaExceeded(AcquireOutcome.Refused refused, StreamId stream, StreamQuota quota, Form form) {
        ExhaustedRule rule = refused.rule();
        Instant now = refused.decidedAt();
        String decision = refusals.add(quota, refused);
        Optional<Instant> retryAt = rule.retryAt();
        Problem problem = Problem.typed(Response.Status.CONFLICT, "quota-exceeded", "Quota exceeded", REFUSED)
                .withHeader(names.decision(), decision)
                .withHeader(names.stream(), stream.value());
        if (retryAt.isPresent()) {
            problem = problem.withHeader(HttpHeaders.RETRY_AFTER, secondsUntil(retryAt.get(), now));
        }
        if (form == Form.TEXT) {
            return problem;
        }
        problem = problem.with("plan", quota.name())
                .with("rule", rule.name())
                .with("limit", rule.limit())
                .with("decisionId", decision)
                .with(
                        "streams",
                        rule.streams().stream()
                                .map(it -> StreamView.listed(it, lease, now))
                                .toList());
        return retryAt.isPresent() ? problem.with("retryAt", retryAt.get().toString()) : problem;
    }

    /** Whole seconds, rounded up, at least 1. */
    private static String secondsUntil(Instant then, Instant now) {
        return Long.toString(
                Math.max(1, Duration.between(now, then).plusNanos(999_999_999).toSeconds()));
    }

    private static Problem gone(Optional<EndedStream> end) {
        String reason = end.map(it -> name(it.reason())).orElse("unknown");
        Optional<Successor> successor = end.flatMap(EndedStream::successor);
        Problem problem = Problem.typed(Response.Status.GONE, "stream-gone", "Stream gone", detail(reason, successor))
                .with("reason", reason);
        return successor
                .map(it -> problem.with("successor", SuccessorView.of(it)))
                .orElse(problem);
    }

    /** As it stands in JSON and YAML. */
    static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String detail(String reason, Optional<Successor> successor) {
        if (reason.equals("unknown")) {
            return "The session does not hold this stream; ask for a new one.";
        }
        String by = successor.map(it -> " by " + place(it)).orElse("");
        return "The stream has ended: " + reason + by + ". Ask for a new one.";
    }

    private static String place(Successor successor) {
        return successor
                .device()
                .get(Attributes.DEVICE_NAME)
                .or(() -> successor.device().get(Attributes.DEVICE_TYPE))
                .orElse("another player");
    }

    /** @param device what is known of the device that took over */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record SuccessorView(String streamId, @Nullable Map<String, String> device) {
        static SuccessorView of(Successor successor) {
            return new SuccessorView(successor.id().value(), StreamView.group("device.", successor.device()));
        }
    }
}
