package io.thezone.rest.health;

import io.dropwizard.health.response.HealthResponse;
import io.dropwizard.health.response.HealthResponseProvider;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.Map;

/** Whether a load balancer should send requests here. */
@Path("health")
public final class HealthResource {
    private final HealthResponseProvider provider;

    HealthResource(HealthResponseProvider provider) {
        this.provider = provider;
    }

    @GET
    public Response health() {
        HealthResponse health = provider.healthResponse(Map.of());
        Response.ResponseBuilder answer = Response.status(health.getStatus())
                .type(health.getContentType())
                .entity(health.getMessage());
        return (health.isHealthy() ? answer : answer.header(HttpHeaders.RETRY_AFTER, "1")).build();
    }
}
