package io.thezone.rest;

import io.thezone.application.AcquireStream;
import io.thezone.domain.Attributes;
import io.thezone.domain.SessionId;
import io.thezone.domain.StreamId;
import io.thezone.domain.StreamQuota;
import io.thezone.domain.StreamRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.OPTIONS;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The question that a gateway asks: may this session start one more stream? */
@Path(WatchResource.PATH)
public final class WatchResource {
    static final String PATH = "watch";
    static final Problem ONLY_GET = Problem.of(Response.Status.METHOD_NOT_ALLOWED, "Only GET is allowed here.")
            .withHeader(HttpHeaders.ALLOW, "GET");

    private final AcquireStream acquireStream;
    private final RequestHeaders requestHeaders;
    private final Answers answers;
    private final Failures failures;

    WatchResource(AcquireStream acquireStream, RequestHeaders requestHeaders, Answers answers, Failures failures) {
        this.acquireStream = acquireStream;
        this.requestHeaders = requestHeaders;
        this.answers = answers;
        this.failures = failures;
    }

    @GET
    public CompletionStage<Response> watch(@Context HttpHeaders headers) {
        return watch(Headers.of(headers)).thenApply(Answer::toResponse);
    }

    CompletionStage<Answer> watch(Headers headers) {
        Form form = Form.preferred(headers);
        SessionId session = requestHeaders.session(headers);
        StreamId stream = requestHeaders.streamOrNew(headers);
        Optional<StreamQuota> quota = requestHeaders.quota(headers);
        return acquireStream
                .acquire(session, new StreamRequest(stream, Attributes.NONE), quota)
                .handle((outcome, failure) -> failure == null
                        ? answers.watch(outcome, session, stream, quota, form)
                        : failures.ofAcquire(failure, stream).toAnswer(form));
    }

    /** Looking must not take a slot. */
    @HEAD
    public Response head(@Context HttpHeaders headers) {
        return ONLY_GET.toResponse(Form.preferred(Headers.of(headers)));
    }

    @OPTIONS
    public Response options() {
        return Response.noContent().header(HttpHeaders.ALLOW, "GET").build();
    }
}
