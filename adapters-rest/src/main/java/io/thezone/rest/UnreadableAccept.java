package io.thezone.rest;

import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;

/**
 * Takes an Accept that cannot be read to be absent, because a gateway may send on whatever the viewer's player sent; Jersey
 * would answer an empty 400. The streams API, which nobody asks on a viewer's behalf, says what is wrong.
 */
@PreMatching
final class UnreadableAccept implements ContainerRequestFilter {
    @Override
    public void filter(ContainerRequestContext request) {
        try {
            request.getAcceptableMediaTypes();
        } catch (ProcessingException e) {
            if (request.getUriInfo().getPath().startsWith(StreamsResource.PATH)) {
                throw new ProblemException(Problem.badRequest("Accept is not a list of media ranges"));
            }
            request.getHeaders().remove(HttpHeaders.ACCEPT);
        }
    }
}
