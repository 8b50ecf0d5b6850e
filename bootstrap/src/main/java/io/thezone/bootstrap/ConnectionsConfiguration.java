package io.thezone.bootstrap;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/**
 * The {@code connections} section.
 *
 * @param application maximum number of connections of the application port
 * @param admin maximum number of connections of the admin port
 * @param grpc maximum number of connections of the port for gRPC
 */
public record ConnectionsConfiguration(
        @Min(1) @Max(1_000_000) int application, @Min(1) @Max(1_000_000) int admin, @Min(1) @Max(1_000_000) int grpc) {}
