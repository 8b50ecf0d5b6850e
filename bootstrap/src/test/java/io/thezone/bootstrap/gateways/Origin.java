package io.thezone.bootstrap.gateways;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/**
 * Serves any asset: a playlist of {@value #SEGMENTS} segments, {@code /<asset>/main.m3u8}, and its segments. What is sent to it is sent
 * back, and {@code /<asset>/chat} is a websocket.
 */
final class Origin implements AutoCloseable {
    static final int SEGMENTS = 200;
    static final int SEGMENT_BYTES = 20_000;
    static final String VERSION = "\"v1\"";

    static {
        // It writes headers and body one after the other, and would wait for the first to be acknowledged.
        System.setProperty("sun.net.httpserver.nodelay", "true");
    }

    private final ExecutorService threads = Executors.newFixedThreadPool(8);
    private final HttpServer server;

    /** The values of all headers that arrived. */
    final Queue<String> heard = new ConcurrentLinkedQueue<>();

    /** The assets that were asked for, as an origin understands their paths. */
    final Queue<String> assets = new ConcurrentLinkedQueue<>();

    /** The paths of all requests, as they arrived. */
    final Queue<String> paths = new ConcurrentLinkedQueue<>();

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
            exchange.getRequestHeaders().values().forEach(heard::addAll);
            paths.add(exchange.getRequestURI().getRawPath());
            assets.add(Path.of(exchange.getRequestURI().getPath())
                    .normalize()
                    .getName(0)
                    .toString());
            byte[] sent = exchange.getRequestBody().readAllBytes();
            if ("websocket".equals(exchange.getRequestHeaders().getFirst("Upgrade"))
                    && exchange.getRequestURI().getPath().endsWith("/chat")) {
                upgrade(exchange);
                return;
            }
            exchange.getResponseHeaders().set("ETag", VERSION);
            if (VERSION.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
                exchange.sendResponseHeaders(304, -1);
                return;
            }
            byte[] whole =
                    sent.length > 0 ? sent : contents(exchange.getRequestURI().getPath());
            String range = exchange.getRequestHeaders().getFirst("Range");
            byte[] part = range == null ? whole : Arrays.copyOf(whole, 100);
            boolean empty = exchange.getRequestMethod().equals("HEAD");
            exchange.sendResponseHeaders(range == null ? 200 : 206, empty ? -1 : part.length);
            if (!empty) {
                exchange.getResponseBody().write(part);
            }
        }
    }

    /** RFC 6455, section 4.2.2. */
    private static void upgrade(HttpExchange exchange) throws IOException {
        String key =
                exchange.getRequestHeaders().getFirst("Sec-WebSocket-Key") + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
        String accepted = Base64.getEncoder().encodeToString(sha1().digest(key.getBytes(UTF_8)));
        exchange.getResponseHeaders().set("Upgrade", "websocket");
        exchange.getResponseHeaders().set("Connection", "Upgrade");
        exchange.getResponseHeaders().set("Sec-WebSocket-Accept", accepted);
        exchange.sendResponseHeaders(101, -1);
    }

    private static MessageDigest sha1() {
        try {
            return MessageDigest.getInstance("SHA-1");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
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
