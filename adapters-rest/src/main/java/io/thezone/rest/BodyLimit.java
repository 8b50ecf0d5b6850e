package io.thezone.rest;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;

/** Refuses a body that announces itself as too large, whatever it is sent to. */
@PreMatching
final class BodyLimit implements ContainerRequestFilter {
    @Override
    public void filter(ContainerRequestContext request) {
        if (request.getLength() > RequestBody.MAX_BYTES) {
            throw RequestBody.tooLarge();
        }
    }
}
