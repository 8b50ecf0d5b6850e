package io.thezone.rest;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;

/** Refuses a request that {@link EagerBody} got no usable body of, whatever it is sent to. */
@PreMatching
final class BodyCheck implements ContainerRequestFilter {
    @Override
    public void filter(ContainerRequestContext request) {
        if (request.getProperty(EagerBody.PROBLEM) instanceof Problem problem) {
            throw new ProblemException(problem);
        }
    }
}
