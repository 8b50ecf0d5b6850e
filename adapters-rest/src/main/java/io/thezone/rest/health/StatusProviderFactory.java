package io.thezone.rest.health;

import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.health.HealthStateAggregator;
import io.dropwizard.health.HealthStatusChecker;
import io.dropwizard.health.response.HealthResponse;
import io.dropwizard.health.response.HealthResponseProvider;
import io.dropwizard.health.response.HealthResponseProviderFactory;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response.Status;

/** {@code health.responseProvider: {type: status}}: says UP or DOWN and nothing else. */
@JsonTypeName("status")
public final class StatusProviderFactory implements HealthResponseProviderFactory {
    private static final HealthResponse UP = response(true, "{\"status\":\"UP\"}", Status.OK);
    private static final HealthResponse DOWN = response(false, "{\"status\":\"DOWN\"}", Status.SERVICE_UNAVAILABLE);

    @Override
    public HealthResponseProvider build(
            HealthStatusChecker checker, HealthStateAggregator aggregator, ObjectMapper mapper) {
        return parameters -> checker.isHealthy() ? UP : DOWN;
    }

    private static HealthResponse response(boolean healthy, String body, Status status) {
        return new HealthResponse(healthy, body, MediaType.APPLICATION_JSON, status.getStatusCode());
    }
}
