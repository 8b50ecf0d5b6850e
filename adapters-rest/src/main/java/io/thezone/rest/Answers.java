package io.thezone.rest;

import io.thezone.application.OverloadedException;
import io.thezone.application.StoreUnavailableException;
import io.thezone.application.StreamTerms;
import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.ActiveStreams;
import io.thezone.domain.EndReason;
import io.thezone.domain.ExhaustedRule;
import io.thezone.domain.ReleaseOutcome;
import io.thezone.domain.RenewOutcome;
import io.thezone.domain.SessionId;
import io.thezone.domain.Stream;
import io.thezone.domain.StreamId;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.Duration;
import java.time.Instant;
import java.util.Locale;

/** The one place that turns outcomes into HTTP. */
final class Answers {
    private static final String ADMITTED = "OK, you are now streaming content.";
    private static final String REFUSED = "Exceeded watch limit.";

    private final StreamTerms terms;
    private final HeaderNames names;

    Answers(StreamTerms terms, HeaderNames names) {
        this.terms = terms;
        this.names = names;
    }

    /** What {@code /watch} answers: only 200 and 401 mean something to a gateway. */
    Response watch(AcquireOutcome outcome, SessionId session, StreamId stream, Form form) {
        if (outcome instanceof AcquireOutcome.Admitted admitted) {
            return watching(admitted.stream(), admitted.active(), admitted.decidedAt(), session, form);
        }
        if (outcome instanceof AcquireOutcome.Renewed renewed) {
            return watching(renewed.stream(), renewed.active(), renewed.decidedAt(), session, form);
        }
        AcquireOutcome.Refused refused = (AcquireOutcome.Refused) outcome;
        return quotaExceeded(refused, stream)
                .withStatus(Response.Status.UNAUTHORIZED)
                .withHeader(HttpHeaders.WWW_AUTHENTICATE, "Session realm=\"streams\"")
                .toResponse(form);
    }

    /** What asking for a stream answers in the streams API. */
    Response acquire(AcquireOutcome outcome, StreamId stream) {
        if (outcome instanceof AcquireOutcome.Admitted admitted) {
            return single(Response.Status.CREATED, admitted.stream(), admitted.active(), admitted.decidedAt())
                    .header(HttpHeaders.LOCATION, "/streams/" + stream.value())
                    .build();
        }
        if (outcome instanceof AcquireOutcome.Renewed renewed) {
            return single(Response.Status.OK, renewed.stream(), renewed.active(), renewed.decidedAt())
                    .build();
        }
        return quotaExceeded((AcquireOutcome.Refused) outcome, stream).toResponse(Form.JSON);
    }

    Response renew(RenewOutcome outcome) {
        if (outcome instanceof RenewOutcome.Renewed renewed) {
            return single(Response.Status.OK, renewed.stream(), renewed.active(), renewed.decidedAt())
                    .build();
        }
        return gone((RenewOutcome.Lost) outcome).toResponse(Form.JSON);
    }

    Response release(ReleaseOutcome outcome) {
        return Response.noContent().build();
    }

    Response list(ActiveStreams active) {
        return Response.ok(
                        new StreamView.ListView(
                                active.streams().size(),
                                terms.quota().limit(),
                                active.streams().stream()
                                        .map(stream -> StreamView.listed(stream, terms, active.decidedAt()))
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

    private Response watching(Stream stream, int active, Instant now, SessionId session, Form form) {
        Response.ResponseBuilder response = form == Form.TEXT
                ? Response.ok(ADMITTED, MediaType.TEXT_PLAIN_TYPE)
                : Response.ok(StreamView.single(stream, active, terms, now), MediaType.APPLICATION_JSON_TYPE);
        return response.header(names.session(), session.value())
                .header(names.stream(), stream.id().value())
                .header(names.expires(), stream.expiresAt().toString())
                .header(names.heartbeat(), terms.lease().heartbeat().toSeconds())
                .build();
    }

    private Response.ResponseBuilder single(Response.Status status, Stream stream, int active, Instant now) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .header(names.stream(), stream.id().value())
                .entity(StreamView.single(stream, active, terms, now));
    }

    private Problem quotaExceeded(AcquireOutcome.Refused refused, StreamId stream) {
        ExhaustedRule rule = refused.rule();
        Duration wait = Duration.between(refused.decidedAt(), rule.retryAt());
        long seconds = Math.max(1, wait.plusNanos(999_999_999).toSeconds());
        return Problem.typed(Response.Status.CONFLICT, "quota-exceeded", "Quota exceeded", REFUSED)
                .with("rule", rule.name())
                .with("limit", rule.limit())
                .with("retryAt", rule.retryAt().toString())
                .with(
                        "streams",
                        rule.streams().stream()
                                .map(it -> StreamView.listed(it, terms, refused.decidedAt()))
                                .toList())
                .withHeader(HttpHeaders.RETRY_AFTER, Long.toString(seconds))
                .withHeader(names.stream(), stream.value());
    }

    private static Problem gone(RenewOutcome.Lost lost) {
        String reason = lost.reason().map(Answers::name).orElse("unknown");
        return Problem.typed(Response.Status.GONE, "stream-gone", "Stream gone", detail(reason))
                .with("reason", reason);
    }

    private static String name(EndReason reason) {
        return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    private static String detail(String reason) {
        return reason.equals("unknown")
                ? "The session does not hold this stream; ask for a new one."
                : "The stream has ended: " + reason + ". Ask for a new one.";
    }
}
