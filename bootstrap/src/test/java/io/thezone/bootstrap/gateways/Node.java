package io.thezone.bootstrap.gateways;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Stands for a node of thezone: it allows everything, and notes which sessions it was asked about. */
final class Node implements AutoCloseable {
    private final HttpServer server;

    final Set<String> sessions = ConcurrentHashMap.newKeySet();

    Node() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            sessions.addAll(exchange.getRequestHeaders().getOrDefault("Session-Id", List.of()));
            exchange.getResponseHeaders().set("Stream-Reason", "renewed");
            exchange.sendResponseHeaders(200, -1);
        }
    }

    void stop() {
        server.stop(0);
    }

    @Override
    public void close() {
        stop();
    }
}
