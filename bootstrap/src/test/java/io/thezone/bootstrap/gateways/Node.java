package io.thezone.bootstrap.gateways;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** Stands for a node of thezone: it allows everything, for ten seconds, and notes which sessions it was asked about. */
final class Node implements AutoCloseable {
    private final HttpServer server;

    final Set<String> sessions = ConcurrentHashMap.newKeySet();
    final AtomicInteger questions = new AtomicInteger();

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
            if (exchange.getRequestURI().getPath().equals("/authorize")) {
                questions.incrementAndGet();
                sessions.addAll(exchange.getRequestHeaders().getOrDefault("Session-Id", List.of()));
            }
            boolean counted = !"HEAD".equals(exchange.getRequestHeaders().getFirst("Viewer-Method"));
            exchange.getResponseHeaders().set("Stream-Reason", counted ? "renewed" : "not-counted");
            exchange.getResponseHeaders().set("Cache-Control", counted ? "private, max-age=10" : "no-store");
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
