package io.thezone.rest.edge;

import io.thezone.gateway.HeaderValues;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.function.Function;
import org.glassfish.jersey.internal.inject.AbstractBinder;
import org.glassfish.jersey.server.ContainerRequest;
import org.glassfish.jersey.server.model.Parameter;
import org.glassfish.jersey.server.spi.internal.ValueParamProvider;
import org.jspecify.annotations.Nullable;

/** Gives resources a {@link ReceivedRequest} where Jersey calls them. */
final class JerseyRequests extends AbstractBinder {
    @Override
    protected void configure() {
        bind(new Provider()).to(ValueParamProvider.class);
    }

    private static final class Provider implements ValueParamProvider {
        @Override
        public @Nullable Function<ContainerRequest, ?> getValueProvider(Parameter parameter) {
            return parameter.getRawType() == ReceivedRequest.class ? JerseyRequest::new : null;
        }

        @Override
        public PriorityType getPriority() {
            return Priority.HIGH;
        }
    }

    private record JerseyRequest(ContainerRequest request) implements ReceivedRequest {
        @Override
        public String method() {
            return request.getMethod();
        }

        @Override
        public HeaderValues headers() {
            return ReceivedRequest.headersOf(request);
        }

        /** Jersey knows no route that is open downwards. */
        @Override
        public String below() {
            return "";
        }

        @Override
        public List<String> query(String name) {
            return request.getUriInfo().getQueryParameters().getOrDefault(name, List.of());
        }

        @Override
        public byte[] body() {
            try {
                return request.getEntityStream().readAllBytes();
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
