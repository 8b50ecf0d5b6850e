package io.thezone.rest;

import io.thezone.application.AcquireStream;
import io.thezone.domain.Attributes;
import io.thezone.domain.SessionId;
import io.thezone.domain.StreamId;
import io.thezone.domain.StreamQuota;
import io.thezone.domain.StreamRequest;
import io.thezone.rest.edge.Answer;
import io.thezone.rest.edge.HeaderValues;
import io.thezone.rest.problem.Problem;
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

    WatchResource(AcquireStream acquireStream, RequestHeaders requestHeaders, Answers answers) {
        this.acquireStream = acquireStream;
        this.requestHeaders = requestHeaders;
        this.answers = answers;
    }

    @GET
    public CompletionStage<Response> watch(@Context HttpHeaders headers) {
        return watch(HeaderValues.of(headers)).thenApply(Answer::toResponse);
    }

    CompletionStage<Answer> watch(HeaderValues headers) {
        WatchFormat format = WatchFormat.preferred(headers);
        SessionId session = requestHeaders.session(headers);
        StreamId stream = requestHeaders.streamOrNew(headers);
        Optional<StreamQuota> quota = requestHeaders.quota(headers);
        return acquireStream
                .acquire(session, new StreamRequest(stream, Attributes.NONE), quota)
                .handle((outcome, failure) -> failure == null
                        ? answers.watch(outcome, session, stream, quota, format)
                        : answers.undecided(failure, stream, format));
    }

    /** Looking must not take a slot. */
    @HEAD
    public Response head(@Context HttpHeaders headers) {
        return WatchFormat.preferred(HeaderValues.of(headers)).answer(ONLY_GET).toResponse();
    }

    @OPTIONS
    public Response options() {
        return Response.noContent().header(HttpHeaders.ALLOW, "GET").build();
    }
}
