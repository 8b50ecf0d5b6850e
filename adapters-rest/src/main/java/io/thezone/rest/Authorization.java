package io.thezone.rest;

import io.thezone.gateway.AskedRequest;
import io.thezone.gateway.AuthorizationRules;
import io.thezone.gateway.Authorizer;
import io.thezone.gateway.HeaderNames;
import io.thezone.gateway.Verdict;
import io.thezone.rest.edge.Answer;
import io.thezone.rest.edge.ReceivedRequest;
import io.thezone.rest.problem.Failures;
import io.thezone.rest.problem.Problem;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;

/**
 * Answers a gateway's question over HTTP: 200 allows the request, every other status denies it. The reason stands in headers,
 * because many gateways drop the body.
 */
final class Authorization {
    static final String PATH = "authorize";

    /** The reason where not even HTTP can read the question. */
    static final String UNUSABLE_REQUEST = "unusable-request";

    private final Authorizer authorizer;
    private final Denials denials;
    private final HeaderNames names;
    private final HttpField heartbeat;
    private final AuthorizationRules rules;
    private final HttpField cacheControl;

    Authorization(
            Authorizer authorizer, Denials denials, HeaderNames names, HttpField heartbeat, AuthorizationRules rules) {
        this.authorizer = authorizer;
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
        return authorizer.authorize(new Asked(request)).thenApply(verdict -> answer(request, verdict));
    }

    private Answer answer(ReceivedRequest request, Verdict verdict) {
        Answer answer = verdict instanceof Verdict.Denied denied
                ? denied(denied, WatchFormat.preferred(request.headers()))
                : Answer.empty(Response.Status.OK);
        verdict.describe(names, answer::with);
        boolean granted =
                verdict instanceof Verdict.Allowed allowed && allowed.granted().isPresent();
        return granted ? answer.with(heartbeat).cached(cacheControl) : answer;
    }

    private Answer denied(Verdict.Denied verdict, WatchFormat format) {
        int status = rules.statusOf(verdict.reason());
        Answer answer = format.answer(problem(verdict, format)
                .orTyped(verdict.reason().word(), "Denied")
                .withStatus(status)
                .withoutHeaders());
        return status == Response.Status.UNAUTHORIZED.getStatusCode()
                ? answer.with(HttpHeaders.WWW_AUTHENTICATE, AuthorizationRules.CHALLENGE)
                : answer;
    }

    private Problem problem(Verdict.Denied verdict, WatchFormat format) {
        if (verdict instanceof Verdict.NotGranted notGranted) {
            return denials.of(notGranted.outcome(), notGranted.decision(), format);
        }
        if (verdict instanceof Verdict.Undecided undecided) {
            return Failures.of(undecided.failure());
        }
        return Problem.of(Response.Status.FORBIDDEN, verdict.detail());
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
