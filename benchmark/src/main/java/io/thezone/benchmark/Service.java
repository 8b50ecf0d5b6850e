package io.thezone.benchmark;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** The service from its jar, on the shipped config.yml with data of its own; it stops when this is closed. */
final class Service implements AutoCloseable {
    private static final Duration START_TIME = Duration.ofSeconds(60);
    private static final Duration STOP_TIME = Duration.ofSeconds(30);

    private final Process process;
    private final int port;

    private Service(Process process, int port) {
        this.process = process;
        this.port = port;
    }

    /** @param root the checkout, in which the jar was built */
    static Service start(Path root, Path data) throws IOException, InterruptedException {
        int port = freePort();
        ProcessBuilder builder = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-jar",
                        root.resolve("bootstrap/target/thezone.jar").toString(),
                        "server",
                        root.resolve("config.yml").toString())
                .redirectErrorStream(true)
                .redirectOutput(data.resolve("service.log").toFile());
        builder.environment()
                .putAll(Map.of(
                        "PORT",
                        Integer.toString(port),
                        "ADMIN_PORT",
                        "0",
                        "DATA_DIR",
                        data.resolve("data").toString()));
        Service service = new Service(builder.start(), port);
        service.awaitUp(data);
        return service;
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    private void awaitUp(Path data) throws InterruptedException {
        HttpClient client = HttpClient.newHttpClient();
        HttpRequest health = HttpRequest.newBuilder(URI.create(url() + "/health"))
                .timeout(Duration.ofSeconds(1))
                .build();
        long deadline = System.nanoTime() + START_TIME.toNanos();
        while (!isUp(client, health)) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                process.destroyForcibly();
                throw new IllegalStateException("the service did not start; its log is in " + data);
            }
            LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
        }
    }

    private static boolean isUp(HttpClient client, HttpRequest health) throws InterruptedException {
        try {
            return client.send(health, BodyHandlers.discarding()).statusCode() == 200;
        } catch (IOException e) {
            return false;
        }
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        process.destroy();
        process.onExit()
                .completeOnTimeout(process, STOP_TIME.toSeconds(), TimeUnit.SECONDS)
                .join()
                .destroyForcibly();
    }
}
