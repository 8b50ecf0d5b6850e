package io.thezone.bootstrap.gateways;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Serves any asset: a playlist of {@value #SEGMENTS} segments, {@code /<asset>/main.m3u8}, and its segments. */
final class Origin implements AutoCloseable {
    static final int SEGMENTS = 200;
    static final int SEGMENT_BYTES = 20_000;
    static final String VERSION = "\"v1\"";

    private final ExecutorService threads = Executors.newFixedThreadPool(8);
    private final HttpServer server;

    /** The cookies that arrived; none should. */
    final Queue<String> cookies = new ConcurrentLinkedQueue<>();

    Origin() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.setExecutor(threads);
        server.start();
    }

    int port() {
        return server.getAddress().getPort();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            cookies.addAll(exchange.getRequestHeaders().getOrDefault("Cookie", List.of()));
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().set("ETag", VERSION);
            if (VERSION.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
                exchange.sendResponseHeaders(304, -1);
                return;
            }
            byte[] whole = contents(exchange.getRequestURI().getPath());
            String range = exchange.getRequestHeaders().getFirst("Range");
            byte[] part = range == null ? whole : Arrays.copyOf(whole, 100);
            boolean empty = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(range == null ? 200 : 206, empty ? -1 : part.length);
            if (!empty) {
                exchange.getResponseBody().write(part);
            }
        }
    }

    private static byte[] contents(String path) {
        return path.endsWith(".m3u8")
                ? IntStream.range(0, SEGMENTS)
                        .mapToObj(i -> "#EXTINF:4,\nsegment-" + i + ".ts\n")
                        .collect(Collectors.joining("", "#EXTM3U\n#EXT-X-TARGETDURATION:4\n", "#EXT-X-ENDLIST\n"))
                        .getBytes(UTF_8)
                : new byte[SEGMENT_BYTES];
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
