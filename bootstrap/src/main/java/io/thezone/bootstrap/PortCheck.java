package io.thezone.bootstrap;

import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.server.ServerFactory;
import io.dropwizard.jetty.ConnectorFactory;
import io.dropwizard.jetty.HttpConnectorFactory;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Checks that the ports of a server are free, before the database starts: an error should not take seconds to appear. */
final class PortCheck {
    private PortCheck() {}

    /** @throws IllegalStateException if a port cannot be opened; the message names it and the reason */
    static void check(StreamServiceConfiguration configuration) throws IOException {
        List<ServerSocket> opened = new ArrayList<>();
        try {
            for (ConnectorFactory connector : connectors(configuration.getServerFactory())) {
                if (connector instanceof HttpConnectorFactory http) {
                    opened.add(open(http.getBindHost(), http.getPort()));
                }
            }
            GrpcConfiguration grpc = configuration.grpc();
            if (grpc.enabled()) {
                opened.add(open(grpc.bindHost().isEmpty() ? null : grpc.bindHost(), grpc.port()));
            }
        } finally {
            for (ServerSocket socket : opened) {
                socket.close();
            }
        }
    }

    private static List<ConnectorFactory> connectors(ServerFactory server) {
        return server instanceof DefaultServerFactory ports
                ? Stream.concat(ports.getApplicationConnectors().stream(), ports.getAdminConnectors().stream())
                        .toList()
                : List.of();
    }

    /** @param host null for all addresses of the machine */
    private static ServerSocket open(@Nullable String host, int port) throws IOException {
        InetSocketAddress address = host == null ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
        ServerSocket socket = new ServerSocket();
        try {
            socket.bind(address);
            return socket;
        } catch (SocketException e) {
            socket.close();
            throw new IllegalStateException(
                    "a port cannot be opened: " + (host == null ? "*" : host) + ":" + port + ": " + reason(address, e),
                    e);
        }
    }

    /** Describes the error in English: the system's message is in the language of the machine. */
    private static String reason(InetSocketAddress address, SocketException e) throws IOException {
        if (address.isUnresolved()) {
            return "no such host; choose another (bindHost, ADMIN_HOST, GRPC_HOST)";
        }
        InetAddress host = address.getAddress();
        if (!host.isAnyLocalAddress() && !host.isLoopbackAddress() && NetworkInterface.getByInetAddress(host) == null) {
            return "not an address of this machine; choose another (bindHost, ADMIN_HOST, GRPC_HOST)";
        }
        // Below 1024, which Linux reserves for root, the same exception means "in use" or "not permitted".
        return e instanceof BindException && address.getPort() >= 1024
                ? "Address already in use; stop what uses it, or choose another (PORT, ADMIN_PORT, GRPC_PORT)"
                : "already in use, or not for this user; choose another (PORT, ADMIN_PORT, GRPC_PORT)";
    }
}
