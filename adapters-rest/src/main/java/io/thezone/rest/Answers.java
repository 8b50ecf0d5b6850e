package io.thezone.rest;

import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.ActiveStreams;
import io.thezone.domain.Lease;
import io.thezone.domain.ReleaseOutcome;
import io.thezone.domain.RenewOutcome;
import io.thezone.domain.SessionId;
import io.thezone.domain.Stream;
import io.thezone.domain.StreamId;
import io.thezone.domain.StreamQuota;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/** The one place that turns outcomes into HTTP. */
final class Answers {
    private static final String ADMITTED = "OK, you are now streaming content.";

    private final Lease lease;
    private final HeaderNames names;
    private final Denials denials;

    Answers(Lease lease, HeaderNames names, Denials denials) {
        this.lease = lease;
        this.names = names;
        this.denials = denials;
    }

    /** What {@code /watch} answers: only 200 and 401 mean something to a gateway. */
    Response watch(AcquireOutcome outcome, SessionId session, StreamId stream, Optional<StreamQuota> quota, Form form) {
        if (outcome instanceof AcquireOutcome.Admitted admitted) {
            return watching(admitted.stream(), form, session, () -> view(admitted, quota));
        }
        if (outcome instanceof AcquireOutcome.Renewed renewed) {
            return watching(renewed.stream(), form, session, () -> view(renewed, quota));
        }
        Problem problem = denials.of(outcome, stream, quota, form);
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
        return denials.of(outcome, stream, quota, Form.JSON).toResponse(Form.JSON);
    }

    Response renew(RenewOutcome outcome, Optional<StreamQuota> quota) {
        if (outcome instanceof RenewOutcome.Renewed renewed) {
            return single(
                            Response.Status.OK,
                            StreamView.single(
                                    renewed.stream(), renewed.active(), quota, List.of(), lease, renewed.decidedAt()))
                    .build();
        }
        return Denials.gone(((RenewOutcome.Lost) outcome).end()).toResponse(Form.JSON);
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

    /** As it stands in JSON and YAML. */
    static String name(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
