package io.thezone.rest;

import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.function.BooleanSupplier;

/** Whether a load balancer should send requests here. */
@Path("health")
public final class HealthResource {
    private final BooleanSupplier ready;

    HealthResource(BooleanSupplier ready) {
        this.ready = ready;
    }

    @GET
    public Response health() {
        return ready.getAsBoolean()
                ? answer(Response.Status.OK, "{\"status\":\"UP\"}")
                : answer(Response.Status.SERVICE_UNAVAILABLE, "{\"status\":\"DOWN\"}");
    }

    private static Response answer(Response.Status status, String body) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(body)
                .build();
    }
}
