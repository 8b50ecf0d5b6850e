package io.thezone.rest;

import io.thezone.domain.Attributes;
import io.thezone.domain.SessionId;
import io.thezone.domain.StreamId;
import io.thezone.domain.StreamQuota;
import io.thezone.domain.StreamRequest;
import io.thezone.gateway.Decisions;
import io.thezone.gateway.HeaderValues;
import io.thezone.rest.edge.Answer;
import io.thezone.rest.edge.ReceivedRequest;
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

/** Answers a gateway's question: may this session start one more stream? */
@Path(WatchResource.PATH)
public final class WatchResource {
    static final String PATH = "watch";
    static final Problem ONLY_GET = Problem.of(Response.Status.METHOD_NOT_ALLOWED, "Only GET is allowed here.")
            .withHeader(HttpHeaders.ALLOW, "GET");

    private final Decisions decisions;
    private final RequestHeaders requestHeaders;
    private final Answers answers;

    WatchResource(Decisions decisions, RequestHeaders requestHeaders, Answers answers) {
        this.decisions = decisions;
        this.requestHeaders = requestHeaders;
        this.answers = answers;
    }

    @GET
    public CompletionStage<Answer> watch(@Context ReceivedRequest request) {
        HeaderValues headers = request.headers();
        WatchFormat format = WatchFormat.preferred(headers);
        SessionId session = requestHeaders.session(headers);
        StreamId stream = requestHeaders.streamOrNew(headers);
        Optional<StreamQuota> quota = requestHeaders.quota(headers);
        return decisions
                .acquire(session, new StreamRequest(stream, Attributes.NONE), quota)
                .handle((decision, failure) -> failure == null
                        ? answers.watch(decision, session, format)
                        : answers.undecided(failure, stream, format));
    }

    /** A HEAD request must not take a slot. */
    @HEAD
    public Answer head(@Context ReceivedRequest request) {
        return WatchFormat.preferred(request.headers()).answer(ONLY_GET);
    }

    @OPTIONS
    public Answer options() {
        return Answer.empty(Response.Status.NO_CONTENT).with(HttpHeaders.ALLOW, "GET");
    }
}
