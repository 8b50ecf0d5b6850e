package io.thezone.rest;

import io.thezone.rest.edge.HeaderValues;
import io.thezone.rest.problem.Failures;
import io.thezone.rest.problem.Problem;
import jakarta.ws.rs.NotAllowedException;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import jakarta.ws.rs.ext.ExceptionMapper;
import org.jspecify.annotations.Nullable;

/** Answers whatever was thrown, in the format that fits where it was asked. */
final class ThrowableMapper implements ExceptionMapper<Throwable> {
    @Context
    private @Nullable UriInfo uri;

    @Context
    private @Nullable HttpHeaders headers;

    @Override
    public Response toResponse(Throwable failure) {
        boolean watching = uri != null && uri.getPath().equals(WatchResource.PATH);
        Problem problem =
                watching && failure instanceof NotAllowedException ? WatchResource.ONLY_GET : Failures.of(failure);
        WatchFormat format =
                watching && headers != null ? WatchFormat.preferred(HeaderValues.of(headers)) : WatchFormat.JSON;
        return format.answer(problem).toResponse();
    }
}
