package io.thezone.rest;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.Attributes;
import io.thezone.domain.EndedStream;
import io.thezone.domain.ExhaustedRule;
import io.thezone.domain.Lease;
import io.thezone.domain.MissingAttribute;
import io.thezone.domain.StreamId;
import io.thezone.domain.Successor;
import io.thezone.gateway.Decisions;
import io.thezone.gateway.HeaderNames;
import io.thezone.gateway.RefusalLog;
import io.thezone.gateway.RetryAfter;
import io.thezone.rest.problem.Problem;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The problems that say why a stream was denied or has ended. */
final class Denials {
    private static final String REFUSED = "Exceeded watch limit.";

    /** RFC 9110, section 15.5.21; Jakarta REST has no constant for it. */
    private static final Response.StatusType UNPROCESSABLE =
            Response.status(422, "Unprocessable Content").build().getStatusInfo();

    private final Lease lease;
    private final HeaderNames names;
    private final Supplier<Problem> unknownPlan;

    Denials(Lease lease, HeaderNames names, Supplier<Problem> unknownPlan) {
        this.lease = lease;
        this.names = names;
        this.unknownPlan = unknownPlan;
    }

    Problem of(AcquireOutcome.Denied denied, Decisions.Decision decision, WatchFormat format) {
        return denied.match(
                refused -> quotaExceeded(refused, decision.refusal().orElseThrow(), decision.stream(), format),
                lost -> gone(Optional.of(lost.end()))
                        .withHeader(names.stream(), decision.stream().value()),
                noPlan -> unknownPlan.get(),
                keyReused -> keyReused(),
                incomplete -> incomplete(incomplete.missing()));
    }

    private Problem keyReused() {
        return Problem.typed(
                UNPROCESSABLE,
                "idempotency-key-reused",
                "Idempotency key reused",
                names.idempotency() + " was first sent with another body; nothing was changed. Send a new key for a new"
                        + " stream, the first body or none to retry, or PUT /streams/{id} to change the stream.");
    }

    private static Problem incomplete(MissingAttribute missing) {
        return Problem.badRequest("the plan's rule " + missing.rule() + " needs " + missing.attribute()
                        + "; send it in the body of POST /streams or PUT /streams/{id}")
                .with("rule", missing.rule())
                .with("attribute", missing.attribute());
    }

    private Problem quotaExceeded(
            AcquireOutcome.Refused refused, RefusalLog.Entry entry, StreamId stream, WatchFormat format) {
        ExhaustedRule rule = refused.rule();
        Instant now = refused.decidedAt();
        Optional<Instant> retryAt = refused.nextRoom().at();
        Problem problem = Problem.typed(Response.Status.CONFLICT, "quota-exceeded", "Quota exceeded", REFUSED)
                .withHeader(names.decision(), entry.id())
                .withHeader(names.stream(), stream.value());
        if (retryAt.isPresent()) {
            problem = problem.withHeader(RetryAfter.NAME, RetryAfter.seconds(now, retryAt.get()));
        }
        if (format == WatchFormat.TEXT) {
            return problem;
        }
        problem = problem.with("plan", entry.plan().name())
                .with("rule", rule.name())
                .with("limit", rule.limit())
                .with("decisionId", entry.id())
                .with(
                        "streams",
                        rule.streams().stream()
                                .map(it -> StreamView.listed(it, lease, now))
                                .toList());
        return retryAt.isPresent() ? problem.with("retryAt", retryAt.get().toString()) : problem;
    }

    static Problem gone(Optional<EndedStream> end) {
        String reason = end.map(it -> Spelling.of(it.reason())).orElse("unknown");
        Optional<Successor> successor = end.flatMap(EndedStream::successor);
        Problem problem = Problem.typed(Response.Status.GONE, "stream-gone", "Stream gone", detail(reason, successor))
                .with("reason", reason);
        return successor
                .map(it -> problem.with("successor", SuccessorView.of(it)))
                .orElse(problem);
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
                .filter(place -> !place.isBlank())
                .orElse("another player");
    }

    /** @param device the attributes of the device that took over */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    private record SuccessorView(String streamId, @Nullable Map<String, String> device) {
        static SuccessorView of(Successor successor) {
            return new SuccessorView(successor.id().value(), StreamView.group("device.", successor.device()));
        }
    }
}
