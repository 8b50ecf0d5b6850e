package io.thezone.benchmark.contestant;

import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;

/** Answers without a decision: the upper limit of a Jersey resource. Refuses sessions whose name begins with "full-". */
@Path("/")
public final class EmptyResource {
    @GET
    @Path("watch")
    public Response watch(@HeaderParam("Session-Id") String session) {
        return Contestant.answer(!session.startsWith("full-"));
    }

    @GET
    @Path("authorize")
    public Response authorize() {
        return Contestant.answer(true);
    }

    @POST
    @Path("streams/{id}/heartbeat")
    public Response heartbeat() {
        return Contestant.answer(true);
    }

    @DELETE
    @Path("streams/{id}")
    public Response stop() {
        return Contestant.answer(true);
    }
}
