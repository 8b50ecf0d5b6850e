package io.thezone.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.codahale.metrics.Counter;
import io.thezone.application.ReleaseStream;
import io.thezone.application.RenewStream;
import io.thezone.domain.SessionId;
import io.thezone.domain.StreamId;
import io.thezone.rest.edge.Answer;
import io.thezone.rest.edge.ReceivedRequest;
import io.thezone.rest.problem.Problem;
import io.thezone.rest.problem.ProblemException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Takes the event reports of players as heartbeats. They never start a stream. */
@Path(CmcdResource.PATH)
public final class CmcdResource {
    static final String PATH = "cmcd";

    private static final Set<MediaType> TYPES = Set.of(new MediaType("application", "cmcd"), MediaType.TEXT_PLAIN_TYPE);

    private final RenewStream renewStream;
    private final ReleaseStream releaseStream;
    private final RequestHeaders requestHeaders;
    private final Counter skippedLines;

    CmcdResource(
            RenewStream renewStream, ReleaseStream releaseStream, RequestHeaders requestHeaders, Counter skippedLines) {
        this.renewStream = renewStream;
        this.releaseStream = releaseStream;
        this.requestHeaders = requestHeaders;
        this.skippedLines = skippedLines;
    }

    @POST
    public CompletionStage<Answer> report(@Context ReceivedRequest request) {
        SessionId session = requestHeaders.session(request.headers());
        byte[] body = request.body();
        if (body.length > 0 && !RequestBody.isSentAs(TYPES, request)) {
            throw new ProblemException(Problem.of(
                    Response.Status.UNSUPPORTED_MEDIA_TYPE, "the body must be sent as Content-Type: application/cmcd"));
        }
        CmcdReport report = CmcdReport.of(new String(body, UTF_8));
        skippedLines.inc(report.skipped());
        if (report.read() == 0) {
            throw new ProblemException(Problem.badRequest(
                    "no line is an event of CMCD version 2 with e, ts and a sid that is a stream id"));
        }
        return CompletableFuture.allOf(report.events().entrySet().stream()
                        .map(entry ->
                                take(session, entry.getKey(), entry.getValue()).toCompletableFuture())
                        .toArray(CompletableFuture<?>[]::new))
                .thenApply(all -> Answer.empty(Response.Status.NO_CONTENT));
    }

    private CompletionStage<?> take(SessionId session, StreamId stream, CmcdReport.Event event) {
        return switch (event.meaning()) {
            case WATCHED -> renewStream.renew(session, stream);
            case ENDED -> releaseStream.releaseLive(session, stream);
            case NOT_WATCHED -> CompletableFuture.completedFuture(null);
        };
    }
}
