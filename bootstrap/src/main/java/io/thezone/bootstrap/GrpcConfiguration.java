package io.thezone.bootstrap;

import io.dropwizard.jetty.ConnectorFactory;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;

/**
 * The {@code grpc} section.
 *
 * @param enabled whether the port for Envoy's questions over gRPC opens
 * @param connector that port; must speak HTTP/2
 */
public record GrpcConfiguration(boolean enabled, @Valid @NotNull ConnectorFactory connector) {}
