package io.thezone.benchmark.contestant;

import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;

/** Decides nothing: the limit of a Jersey resource. Sessions whose name begins with "full-" are refused. */
@Path("/")
public final class EmptyResource {
    @GET
    @Path("watch")
    public Response watch(@HeaderParam("Session-Id") String session) {
        return Contestant.answer(!session.startsWith("full-"));
    }

    @POST
    @Path("streams/{id}/heartbeat")
    public Response beat() {
        return Contestant.answer(true);
    }

    @DELETE
    @Path("streams/{id}")
    public Response stop() {
        return Contestant.answer(true);
    }
}
