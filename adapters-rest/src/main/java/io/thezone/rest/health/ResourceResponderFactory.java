package io.thezone.rest.health;

import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.health.HealthEnvironment;
import io.dropwizard.health.response.HealthResponderFactory;
import io.dropwizard.health.response.HealthResponseProvider;
import io.dropwizard.jersey.setup.JerseyEnvironment;
import io.dropwizard.jetty.setup.ServletEnvironment;
import java.util.Collection;

/** {@code health.responder: {type: resource}}: answers {@code /health} like every other resource. */
@JsonTypeName("resource")
public final class ResourceResponderFactory implements HealthResponderFactory {
    @Override
    public void configure(
            String name,
            Collection<String> paths,
            HealthResponseProvider provider,
            HealthEnvironment health,
            JerseyEnvironment jersey,
            ServletEnvironment servlets,
            ObjectMapper mapper) {
        jersey.register(new HealthResource(provider));
    }
}
