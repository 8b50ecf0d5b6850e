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
import io.thezone.gateway.AuthorizationRules;
import io.thezone.gateway.Decisions;
import io.thezone.gateway.HeaderNames;
import io.thezone.rest.edge.Answer;
import io.thezone.rest.problem.Failures;
import io.thezone.rest.problem.Problem;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.PreEncodedHttpField;

/** Turns outcomes into HTTP; the only place that does. */
final class Answers {
    private static final String ADMITTED = "OK, you are now streaming content.";

    private final Lease lease;
    private final HeaderNames names;
    private final Denials denials;
    private final boolean echoSession;
    private final HttpField heartbeat;

    /** @param echoSession whether {@code /watch} repeats the session id */
    Answers(Lease lease, HeaderNames names, Denials denials, boolean echoSession) {
        this.lease = lease;
        this.names = names;
        this.denials = denials;
        this.echoSession = echoSession;
        this.heartbeat = new PreEncodedHttpField(
                names.heartbeat(), Long.toString(lease.heartbeat().toSeconds()));
    }

    HttpField heartbeat() {
        return heartbeat;
    }

    /** Answers {@code /watch}: only 200 and 401 mean something to a gateway. */
    Answer watch(Decisions.Decision decision, SessionId session, WatchFormat format) {
        Function<AcquireOutcome.Granted, Answer> watching =
                granted -> watching(granted, decision.quota(), session, format);
        return decision.outcome()
                .match(watching, watching, denied -> notWatching(denials.of(denied, decision, format), format));
    }

    /** Answers a request for a stream in the streams API. */
    Answer acquire(Decisions.Decision decision) {
        return decision.outcome()
                .match(
                        admitted -> single(Response.Status.CREATED, view(admitted, decision.quota()))
                                .with(
                                        HttpHeaders.LOCATION,
                                        "/streams/" + decision.stream().value()),
                        renewed -> single(Response.Status.OK, view(renewed, decision.quota())),
                        denied -> WatchFormat.JSON.answer(denials.of(denied, decision, WatchFormat.JSON)));
    }

    /** Says why nothing was decided, with the stream id, so that a repeated request takes no second slot. */
    Answer undecided(Throwable failure, StreamId stream, WatchFormat format) {
        return format.answer(Failures.of(failure).withHeader(names.stream(), stream.value()));
    }

    Answer renew(RenewOutcome outcome, Optional<StreamQuota> quota) {
        return outcome.match(
                renewed -> single(
                        Response.Status.OK,
                        StreamView.single(
                                renewed.stream(), renewed.active(), quota, List.of(), lease, renewed.decidedAt())),
                lost -> WatchFormat.JSON.answer(Denials.gone(lost.end())));
    }

    Answer release(ReleaseOutcome outcome) {
        return outcome.match(
                released -> Answer.empty(Response.Status.NO_CONTENT),
                notHeld -> Answer.empty(Response.Status.NO_CONTENT));
    }

    Answer list(ActiveStreams active, Optional<StreamQuota> quota) {
        return Answer.of(
                Response.Status.OK.getStatusCode(),
                Answer.JSON,
                new StreamView.ListView(
                        active.streams().size(),
                        quota.map(StreamQuota::limit).orElse(null),
                        active.streams().stream()
                                .map(stream -> StreamView.listed(stream, lease, active.decidedAt()))
                                .toList()));
    }

    private Answer watching(
            AcquireOutcome.Granted granted, Optional<StreamQuota> quota, SessionId session, WatchFormat format) {
        int status = Response.Status.OK.getStatusCode();
        Stream stream = granted.stream();
        Answer answer = format == WatchFormat.TEXT
                ? Answer.of(status, Answer.TEXT, ADMITTED)
                : Answer.of(status, Answer.JSON, view(granted, quota));
        if (echoSession) {
            answer.with(names.session(), session.value());
        }
        return answer.with(names.stream(), stream.id().value())
                .with(names.expires(), stream.expiresAt().toString())
                .with(heartbeat);
    }

    private static Answer notWatching(Problem problem, WatchFormat format) {
        return problem.status() == Response.Status.BAD_REQUEST.getStatusCode()
                ? format.answer(problem)
                : format.answer(problem.withStatus(Response.Status.UNAUTHORIZED.getStatusCode())
                        .withHeader(HttpHeaders.WWW_AUTHENTICATE, AuthorizationRules.CHALLENGE));
    }

    private Answer single(Response.Status status, StreamView view) {
        return Answer.of(status.getStatusCode(), Answer.JSON, view).with(names.stream(), view.streamId());
    }

    private StreamView view(AcquireOutcome.Granted granted, Optional<StreamQuota> quota) {
        return StreamView.single(
                granted.stream(), granted.active(), quota, granted.ended(), lease, granted.decidedAt());
    }
}
