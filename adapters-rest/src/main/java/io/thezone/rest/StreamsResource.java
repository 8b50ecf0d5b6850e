package io.thezone.rest;

import io.thezone.application.AcquireStream;
import io.thezone.application.ListStreams;
import io.thezone.application.ReleaseStream;
import io.thezone.application.RenewStream;
import io.thezone.domain.SessionId;
import io.thezone.domain.StreamId;
import io.thezone.domain.StreamQuota;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The streams of the session that the header names; it never stands in a URL, because URLs end up in logs. */
@Path(StreamsResource.PATH)
@Produces({MediaType.APPLICATION_JSON, "application/problem+json"})
public final class StreamsResource {
    static final String PATH = "streams";

    private final AcquireStream acquireStream;
    private final RenewStream renewStream;
    private final ReleaseStream releaseStream;
    private final ListStreams listStreams;
    private final RequestHeaders requestHeaders;
    private final Answers answers;
    private final Failures failures;

    StreamsResource(
            AcquireStream acquireStream,
            RenewStream renewStream,
            ReleaseStream releaseStream,
            ListStreams listStreams,
            RequestHeaders requestHeaders,
            Answers answers,
            Failures failures) {
        this.acquireStream = acquireStream;
        this.renewStream = renewStream;
        this.releaseStream = releaseStream;
        this.listStreams = listStreams;
        this.requestHeaders = requestHeaders;
        this.answers = answers;
        this.failures = failures;
    }

    @POST
    public CompletionStage<Response> start(@Context HttpHeaders headers, InputStream body) throws IOException {
        SessionId session = requestHeaders.session(Headers.of(headers));
        return acquire(headers, session, requestHeaders.streamOrIdempotent(Headers.of(headers), session), body);
    }

    @PUT
    @Path("{id}")
    public CompletionStage<Response> put(@Context HttpHeaders headers, @PathParam("id") String id, InputStream body)
            throws IOException {
        return acquire(headers, requestHeaders.session(Headers.of(headers)), RequestHeaders.stream(id), body);
    }

    @POST
    @Path("{id}/heartbeat")
    public CompletionStage<Response> beat(@Context HttpHeaders headers, @PathParam("id") String id) {
        return beat(Headers.of(headers), id).thenApply(Answer::toResponse);
    }

    CompletionStage<Answer> beat(Headers headers, String id) {
        Optional<StreamQuota> quota = requestHeaders.quota(headers);
        return renewStream
                .renew(requestHeaders.session(headers), RequestHeaders.stream(id))
                .thenApply(outcome -> answers.renew(outcome, quota));
    }

    @DELETE
    @Path("{id}")
    public CompletionStage<Response> stop(@Context HttpHeaders headers, @PathParam("id") String id) {
        return releaseStream
                .release(requestHeaders.session(Headers.of(headers)), RequestHeaders.stream(id))
                .thenApply(answers::release)
                .thenApply(Answer::toResponse);
    }

    @GET
    public CompletionStage<Response> list(@Context HttpHeaders headers) {
        Optional<StreamQuota> quota = requestHeaders.quota(Headers.of(headers));
        return listStreams
                .list(requestHeaders.session(Headers.of(headers)))
                .handle((active, failure) -> failure == null
                        ? answers.list(active, quota).toResponse()
                        : Failures.ofReading(failure).toResponse(Form.JSON));
    }

    private CompletionStage<Response> acquire(HttpHeaders headers, SessionId session, StreamId stream, InputStream body)
            throws IOException {
        Optional<StreamQuota> quota = requestHeaders.quota(Headers.of(headers));
        return acquireStream
                .acquire(session, RequestBody.request(stream, headers, body), quota)
                .handle((outcome, failure) -> failure == null
                        ? answers.acquire(outcome, stream, quota).toResponse()
                        : failures.ofAcquire(failure, stream).toResponse(Form.JSON));
    }
}
