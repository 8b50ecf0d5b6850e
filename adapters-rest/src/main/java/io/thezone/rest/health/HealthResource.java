package io.thezone.rest.health;

import io.dropwizard.health.response.HealthResponse;
import io.dropwizard.health.response.HealthResponseProvider;
import io.thezone.rest.edge.Answer;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.Map;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;

/** {@code GET /health}: tells a load balancer whether to send requests here. */
@Path("health")
public final class HealthResource {
    private final HealthResponseProvider provider;

    HealthResource(HealthResponseProvider provider) {
        this.provider = provider;
    }

    @GET
    public Answer health() {
        HealthResponse health = provider.healthResponse(Map.of());
        Answer answer = Answer.of(
                health.getStatus(),
                new HttpField(HttpHeader.CONTENT_TYPE, health.getContentType()),
                health.getMessage());
        return health.isHealthy() ? answer : answer.with(HttpHeaders.RETRY_AFTER, "1");
    }
}
