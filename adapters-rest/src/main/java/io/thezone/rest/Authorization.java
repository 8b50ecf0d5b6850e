package io.thezone.rest;

import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.SessionId;
import io.thezone.domain.StreamQuota;
import io.thezone.domain.StreamRequest;
import io.thezone.gateway.AskedRequest;
import io.thezone.gateway.DeniedException;
import io.thezone.gateway.Identification;
import io.thezone.gateway.Reason;
import io.thezone.rest.edge.Answer;
import io.thezone.rest.edge.ReceivedRequest;
import io.thezone.rest.problem.Failures;
import io.thezone.rest.problem.Problem;
import io.thezone.rest.problem.ProblemException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;

/**
 * Answers the question that a gateway asks before it passes a viewer's request on: 200 allows it, every other status denies it. The
 * reason stands in headers, because many gateways drop the body.
 */
final class Authorization {
    static final String PATH = "authorize";

    private final Identification identification;
    private final Decisions decisions;
    private final RequestHeaders requestHeaders;
    private final Denials denials;
    private final HeaderNames names;
    private final HttpField heartbeat;
    private final AuthorizationRules rules;
    private final HttpField cacheControl;

    Authorization(
            Identification identification,
            Decisions decisions,
            RequestHeaders requestHeaders,
            Denials denials,
            HeaderNames names,
            HttpField heartbeat,
            AuthorizationRules rules) {
        this.identification = identification;
        this.decisions = decisions;
        this.requestHeaders = requestHeaders;
        this.denials = denials;
        this.names = names;
        this.heartbeat = heartbeat;
        this.rules = rules;
        this.cacheControl = rules.maxAge().isZero()
                ? Answer.NO_STORE
                : new PreEncodedHttpField(
                        HttpHeader.CACHE_CONTROL,
                        "private, max-age=" + rules.maxAge().toSeconds());
    }

    CompletionStage<Answer> authorize(ReceivedRequest request) {
        try {
            return decided(request);
        } catch (DeniedException e) {
            return CompletableFuture.completedFuture(
                    denied(request, e.reason(), Problem.of(Response.Status.FORBIDDEN, e.detail())));
        } catch (ProblemException e) {
            return CompletableFuture.completedFuture(denied(request, Reason.UNUSABLE_VALUE, e.problem()));
        }
    }

    private CompletionStage<Answer> decided(ReceivedRequest request) {
        AskedRequest asked = new Asked(request);
        SessionId session = identification.session(asked);
        if (identification.isUncounted(asked)) {
            return CompletableFuture.completedFuture(allowed(Reason.NOT_COUNTED));
        }
        Optional<StreamQuota> quota = requestHeaders.quota(request.headers());
        StreamRequest stream = identification.stream(asked, session);
        return decisions
                .acquire(session, stream, quota)
                .handle((decision, failure) -> failure == null
                        ? answer(request, decision)
                        : denied(request, Reason.NO_DECISION, Failures.of(failure))
                                .with(names.stream(), stream.id().value()));
    }

    private Answer answer(ReceivedRequest request, Decisions.Decision decision) {
        return decision.outcome()
                .match(
                        admitted -> granted(Reason.ADMITTED, admitted),
                        renewed -> granted(Reason.RENEWED, renewed),
                        denied -> refused(request, denied, decision));
    }

    private Answer granted(Reason reason, AcquireOutcome.Granted granted) {
        return allowed(reason)
                .with(names.stream(), granted.stream().id().value())
                .with(names.expires(), granted.stream().expiresAt().toString())
                .with(heartbeat)
                .cached(cacheControl);
    }

    private Answer allowed(Reason reason) {
        return Answer.empty(Response.Status.OK).with(names.reason(), reason.word());
    }

    private Answer refused(ReceivedRequest request, AcquireOutcome.Denied denied, Decisions.Decision decision) {
        Problem problem = denials.of(denied, decision, WatchFormat.preferred(request.headers()));
        return denied.match(
                refused -> denied(request, Reason.FULL, problem)
                        .with(names.rule(), refused.rule().name()),
                lost -> denied(request, Reason.ENDED, problem),
                noPlan -> denied(request, Reason.UNKNOWN_PLAN, problem),
                keyReused -> {
                    throw new IllegalStateException("no idempotency key was sent");
                },
                incomplete -> denied(request, Reason.MISSING_ATTRIBUTE, problem)
                        .with(names.rule(), incomplete.missing().rule()));
    }

    private Answer denied(ReceivedRequest request, Reason reason, Problem problem) {
        int status = Objects.requireNonNull(rules.statuses().get(reason), "every denial has a status");
        Problem shown = problem.orTyped(reason.word(), "Denied").withStatus(status);
        if (status == Response.Status.UNAUTHORIZED.getStatusCode()) {
            shown = shown.withHeader(HttpHeaders.WWW_AUTHENTICATE, Answers.CHALLENGE);
        }
        return WatchFormat.preferred(request.headers()).answer(shown).with(names.reason(), reason.word());
    }

    private record Asked(ReceivedRequest request) implements AskedRequest {
        @Override
        public String method() {
            return request.method();
        }

        @Override
        public String target() {
            return request.below();
        }

        @Override
        public List<String> header(String name) {
            return request.headers().get(name);
        }
    }
}
