package io.thezone.rest;

import io.thezone.application.AcquireStream;
import io.thezone.application.ListStreams;
import io.thezone.application.ReleaseStream;
import io.thezone.application.RenewStream;
import io.thezone.domain.EndReason;
import io.thezone.domain.SessionId;
import io.thezone.domain.StreamId;
import io.thezone.domain.StreamQuota;
import io.thezone.domain.StreamRequest;
import io.thezone.rest.edge.Answer;
import io.thezone.rest.edge.HeaderValues;
import io.thezone.rest.problem.Failures;
import io.thezone.rest.problem.Problem;
import io.thezone.rest.problem.ProblemException;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The streams of the session that the header names; it never stands in a URL, because URLs end up in logs. */
@Path(StreamsResource.PATH)
@Produces({MediaType.APPLICATION_JSON, "application/problem+json"})
public final class StreamsResource {
    static final String PATH = "streams";
    static final String HEARTBEAT = "/heartbeat";

    private static final String STOPPED = Answers.name(EndReason.STOPPED);

    /** How a stream may be ended from outside; the first is what counts if nothing is said. */
    private static final List<String> REASONS = List.of(Answers.name(EndReason.RELEASED), STOPPED);

    private final AcquireStream acquireStream;
    private final RenewStream renewStream;
    private final ReleaseStream releaseStream;
    private final ListStreams listStreams;
    private final RequestHeaders requestHeaders;
    private final Answers answers;

    StreamsResource(
            AcquireStream acquireStream,
            RenewStream renewStream,
            ReleaseStream releaseStream,
            ListStreams listStreams,
            RequestHeaders requestHeaders,
            Answers answers) {
        this.acquireStream = acquireStream;
        this.renewStream = renewStream;
        this.releaseStream = releaseStream;
        this.listStreams = listStreams;
        this.requestHeaders = requestHeaders;
        this.answers = answers;
    }

    @POST
    public CompletionStage<Response> start(@Context HttpHeaders headers, InputStream body) throws IOException {
        HeaderValues read = HeaderValues.of(headers);
        SessionId session = requestHeaders.session(read);
        Optional<StreamId> idempotent = requestHeaders.idempotentStream(read, session);
        StreamRequest request =
                RequestBody.request(idempotent.orElseGet(() -> requestHeaders.streamOrNew(read)), headers, body);
        return acquire(read, session, idempotent.isPresent() ? Fingerprints.keyed(request) : request);
    }

    @PUT
    @Path("{id}")
    public CompletionStage<Response> put(@Context HttpHeaders headers, @PathParam("id") String id, InputStream body)
            throws IOException {
        SessionId session = requestHeaders.session(HeaderValues.of(headers));
        return acquire(
                HeaderValues.of(headers), session, RequestBody.request(RequestHeaders.stream(id), headers, body));
    }

    @POST
    @Path("{id}" + HEARTBEAT)
    public CompletionStage<Response> beat(@Context HttpHeaders headers, @PathParam("id") String id) {
        return beat(HeaderValues.of(headers), id).thenApply(Answer::toResponse);
    }

    CompletionStage<Answer> beat(HeaderValues headers, String id) {
        Optional<StreamQuota> quota = requestHeaders.quota(headers);
        return renewStream
                .renew(requestHeaders.session(headers), RequestHeaders.stream(id))
                .thenApply(outcome -> answers.renew(outcome, quota));
    }

    @DELETE
    @Path("{id}")
    public CompletionStage<Response> stop(
            @Context HttpHeaders headers, @PathParam("id") String id, @QueryParam("as") List<String> as) {
        return end(requestHeaders.session(HeaderValues.of(headers)), RequestHeaders.stream(id), as);
    }

    /** For a client that got no answer when it asked for a stream, and so knows no id. */
    @DELETE
    public CompletionStage<Response> stopIdempotent(@Context HttpHeaders headers, @QueryParam("as") List<String> as) {
        SessionId session = requestHeaders.session(HeaderValues.of(headers));
        StreamId stream = requestHeaders
                .idempotentStream(HeaderValues.of(headers), session)
                .orElseThrow(() -> new ProblemException(requestHeaders.keyRequired()));
        return end(session, stream, as);
    }

    private CompletionStage<Response> end(SessionId session, StreamId stream, List<String> as) {
        if (as.size() > 1 || !REASONS.containsAll(as)) {
            throw new ProblemException(
                    Problem.badRequest("the query as must be " + String.join(" or ", REASONS) + ", once"));
        }
        return (as.contains(STOPPED) ? releaseStream.stop(session, stream) : releaseStream.release(session, stream))
                .thenApply(answers::release)
                .thenApply(Answer::toResponse);
    }

    @GET
    public CompletionStage<Response> list(@Context HttpHeaders headers) {
        Optional<StreamQuota> quota = requestHeaders.quota(HeaderValues.of(headers));
        return listStreams
                .list(requestHeaders.session(HeaderValues.of(headers)))
                .handle((active, failure) -> failure == null
                        ? answers.list(active, quota).toResponse()
                        : WatchFormat.JSON.answer(Failures.ofReading(failure)).toResponse());
    }

    private CompletionStage<Response> acquire(HeaderValues headers, SessionId session, StreamRequest request) {
        StreamId stream = request.id();
        Optional<StreamQuota> quota = requestHeaders.quota(headers);
        return acquireStream
                .acquire(session, request, quota)
                .handle((outcome, failure) -> failure == null
                        ? answers.acquire(outcome, stream, quota).toResponse()
                        : answers.undecided(failure, stream, WatchFormat.JSON).toResponse());
    }
}
