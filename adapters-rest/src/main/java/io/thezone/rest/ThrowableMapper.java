package io.thezone.rest;

import io.thezone.gateway.HeaderValues;
import io.thezone.rest.edge.Answer;
import io.thezone.rest.edge.ReceivedRequest;
import io.thezone.rest.problem.Failures;
import io.thezone.rest.problem.Problem;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Answers every exception with a problem: {@code /watch} in the format that the client prefers, all other paths as JSON. */
final class ThrowableMapper implements ExceptionMapper<Throwable> {
    @Context
    private @Nullable UriInfo uri;

    @Context
    private @Nullable HttpHeaders headers;

    @Override
    public Response toResponse(Throwable failure) {
        String path = uri == null ? "" : uri.getPath();
        Answer answer = answer(failure, path, headers == null ? name -> List.of() : ReceivedRequest.headersOf(headers));
        return Response.status(answer.status()).entity(answer).build();
    }

    /** @param path below Jersey's root */
    static Answer answer(Throwable failure, String path, HeaderValues headers) {
        if (!path.equals(WatchResource.PATH)) {
            return WatchFormat.JSON.answer(Failures.of(failure));
        }
        Problem problem = failure instanceof NotAllowedException ? WatchResource.ONLY_GET : Failures.of(failure);
        return WatchFormat.preferred(headers).answer(problem);
    }
}
