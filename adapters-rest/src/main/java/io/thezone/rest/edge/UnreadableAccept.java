package io.thezone.rest.edge;

import io.thezone.rest.problem.Problem;
import io.thezone.rest.problem.ProblemException;
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
public final class UnreadableAccept implements ContainerRequestFilter {
    private final String strictPath;

    /** @param strictPath where paths begin below which such a header is refused */
    public UnreadableAccept(String strictPath) {
        this.strictPath = strictPath;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        try {
            request.getAcceptableMediaTypes();
        } catch (ProcessingException e) {
            if (request.getUriInfo().getPath().startsWith(strictPath)) {
                throw new ProblemException(Problem.badRequest("Accept is not a list of media ranges"));
            }
            request.getHeaders().remove(HttpHeaders.ACCEPT);
        }
    }
}
