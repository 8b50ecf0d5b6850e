package io.thezone.rest;

import io.thezone.application.ListStreams;
import io.thezone.application.ReleaseStream;
import io.thezone.application.RenewStream;
import io.thezone.domain.EndReason;
import io.thezone.domain.SessionId;
import io.thezone.domain.StreamId;
import io.thezone.domain.StreamQuota;
import io.thezone.domain.StreamRequest;
import io.thezone.gateway.Decisions;
import io.thezone.gateway.HeaderValues;
import io.thezone.rest.edge.Answer;
import io.thezone.rest.edge.ReceivedRequest;
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
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** The streams of a session. The session is named by a header, never by the URL, because URLs end up in logs. */
@Path(StreamsResource.PATH)
@Produces({MediaType.APPLICATION_JSON, "application/problem+json"})
public final class StreamsResource {
    static final String PATH = "streams";
    static final String HEARTBEAT = "/heartbeat";
    static final String RELEASE = "/release";

    private static final String STOPPED = Spelling.of(EndReason.STOPPED);

    /** Reasons for which a client may end a stream; the first is the default. */
    private static final List<String> REASONS = List.of(Spelling.of(EndReason.RELEASED), STOPPED);

    private final Decisions decisions;
    private final RenewStream renewStream;
    private final ReleaseStream releaseStream;
    private final ListStreams listStreams;
    private final RequestHeaders requestHeaders;
    private final Answers answers;

    StreamsResource(
            Decisions decisions,
            RenewStream renewStream,
            ReleaseStream releaseStream,
            ListStreams listStreams,
            RequestHeaders requestHeaders,
            Answers answers) {
        this.decisions = decisions;
        this.renewStream = renewStream;
        this.releaseStream = releaseStream;
        this.listStreams = listStreams;
        this.requestHeaders = requestHeaders;
        this.answers = answers;
    }

    @POST
    public CompletionStage<Answer> start(@Context ReceivedRequest request) {
        HeaderValues headers = request.headers();
        SessionId session = requestHeaders.session(headers);
        Optional<StreamId> idempotent = requestHeaders.idempotentStream(headers, session);
        StreamId stream = idempotent.orElseGet(() -> requestHeaders.streamOrNew(headers));
        StreamRequest asked = RequestBody.streamRequest(stream, request, RequestBody.SENT_BY_PAGES);
        return acquire(headers, session, idempotent.isPresent() ? Fingerprints.keyed(asked) : asked);
    }

    @PUT
    @Path("{id}")
    public CompletionStage<Answer> put(@Context ReceivedRequest request, @PathParam("id") String id) {
        SessionId session = requestHeaders.session(request.headers());
        return acquire(
                request.headers(),
                session,
                RequestBody.streamRequest(RequestHeaders.stream(id), request, RequestBody.JSON));
    }

    @POST
    @Path("{id}" + HEARTBEAT)
    public CompletionStage<Answer> heartbeat(@Context ReceivedRequest request, @PathParam("id") String id) {
        Optional<StreamQuota> quota = requestHeaders.quota(request.headers());
        return renewStream
                .renew(requestHeaders.session(request.headers()), RequestHeaders.stream(id))
                .thenApply(outcome -> answers.renew(outcome, quota));
    }

    @DELETE
    @Path("{id}")
    public CompletionStage<Answer> stop(@Context ReceivedRequest request, @PathParam("id") String id) {
        return end(requestHeaders.session(request.headers()), RequestHeaders.stream(id), request.query("as"));
    }

    /** Does what {@link #stop} does, for a page that closes: a beacon is always a POST. */
    @POST
    @Path("{id}" + RELEASE)
    public CompletionStage<Answer> release(@Context ReceivedRequest request, @PathParam("id") String id) {
        return stop(request, id);
    }

    /** Stops the stream of an idempotency key, for a client that got no answer when it asked for the stream and so knows no id. */
    @DELETE
    public CompletionStage<Answer> stopIdempotent(@Context ReceivedRequest request) {
        SessionId session = requestHeaders.session(request.headers());
        StreamId stream = requestHeaders
                .idempotentStream(request.headers(), session)
                .orElseThrow(() -> new ProblemException(requestHeaders.keyRequired()));
        return end(session, stream, request.query("as"));
    }

    @GET
    public CompletionStage<Answer> list(@Context ReceivedRequest request) {
        Optional<StreamQuota> quota = requestHeaders.quota(request.headers());
        return listStreams
                .list(requestHeaders.session(request.headers()))
                .handle((active, failure) -> failure == null
                        ? answers.list(active, quota)
                        : WatchFormat.JSON.answer(Failures.ofReading(failure)));
    }

    private CompletionStage<Answer> end(SessionId session, StreamId stream, List<String> as) {
        if (as.size() > 1 || !REASONS.containsAll(as)) {
            throw new ProblemException(
                    Problem.badRequest("the query as must be " + String.join(" or ", REASONS) + ", once"));
        }
        return (as.contains(STOPPED) ? releaseStream.stop(session, stream) : releaseStream.release(session, stream))
                .thenApply(answers::release);
    }

    private CompletionStage<Answer> acquire(HeaderValues headers, SessionId session, StreamRequest request) {
        return decisions
                .acquire(session, request, requestHeaders.quota(headers))
                .handle((decision, failure) -> failure == null
                        ? answers.acquire(decision)
                        : answers.undecided(failure, request.id(), WatchFormat.JSON));
    }
}
