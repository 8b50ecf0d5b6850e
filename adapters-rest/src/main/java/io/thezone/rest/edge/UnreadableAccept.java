package io.thezone.rest.edge;

import io.thezone.rest.problem.Problem;
import io.thezone.rest.problem.ProblemException;
import jakarta.ws.rs.ProcessingException;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import jakarta.ws.rs.core.HttpHeaders;

/**
 * Treats an Accept header that cannot be parsed as absent, because a gateway may pass on what the viewer's player sent; Jersey
 * would answer an empty 400. The streams API, which no gateway calls on a viewer's behalf, answers a 400 that says what is wrong.
 */
@PreMatching
public final class UnreadableAccept implements ContainerRequestFilter {
    private final String strictPath;

    /** @param strictPath the beginning of the paths on which such a header is refused */
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
