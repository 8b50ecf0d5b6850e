package io.thezone.bootstrap;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.net.InetSocketAddress;

/**
 * The {@code grpc} section.
 *
 * @param enabled whether the port for Envoy's questions over gRPC opens
 * @param port 0 for any that is free
 * @param bindHost the address at which it opens; empty for all of the machine
 */
public record GrpcConfiguration(boolean enabled, @Min(0) @Max(65535) int port, @NotNull String bindHost) {
    InetSocketAddress address() {
        return bindHost.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(bindHost, port);
    }
}
