package io.thezone.benchmark;

import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A measured process, which ends when this is closed, or when the benchmark ends. */
final class Server implements Closeable {
    private static final Duration START_TIME = Duration.ofSeconds(60);
    private static final Duration STOP_TIME = Duration.ofSeconds(30);
    private static final Duration LOOK_INTERVAL = Duration.ofMillis(5);
    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final String name;
    private final Process process;
    private final int port;
    private final int adminPort;
    private final Thread stopAtExit;
    private Duration startTime = Duration.ZERO;

    private Server(String name, Process process, int port, int adminPort) {
        this.name = name;
        this.process = process;
        this.port = port;
        this.adminPort = adminPort;
        this.stopAtExit = new Thread(this::stop, "stop-" + name);
    }

    /**
     * Starts a process and waits until it answers {@code /health}.
     *
     * @param directory for its log
     * @param command a program that reads its port from the environment variable {@code PORT}
     */
    static Server start(String name, Path directory, List<String> command, Map<String, String> environment)
            throws IOException, InterruptedException {
        long started = System.nanoTime();
        Server server = launch(name, directory, freePort(), command, environment);
        HttpRequest health = HttpRequest.newBuilder(URI.create(server.url() + "/health"))
                .timeout(Duration.ofSeconds(1))
                .build();
        server.await(() -> CLIENT.send(health, BodyHandlers.discarding()).statusCode() == 200);
        server.startTime = Duration.ofNanos(System.nanoTime() - started);
        System.out.println(name + " answers at " + server.url());
        return server;
    }

    /** @return the command of a Java process on the JDK of this one */
    static List<String> java(String settings, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of(settings.split(" ", -1)));
        command.addAll(List.of(arguments));
        return command;
    }

    /**
     * Starts a Redis that takes no snapshots.
     *
     * @param settings arguments that say whether and when it writes to its append-only file
     */
    static Server startRedis(String name, Path directory, String... settings) throws IOException, InterruptedException {
        int port = freePort();
        List<String> command = new ArrayList<>(
                List.of("redis-server", "--port", Integer.toString(port), "--bind", "127.0.0.1", "--save", ""));
        command.addAll(List.of(settings));
        return startListening(name, directory, port, command);
    }

    /** Starts a program that listens on the port. */
    static Server startListening(String name, Path directory, int port, List<String> command)
            throws IOException, InterruptedException {
        Server server = launch(name, directory, port, command, Map.of());
        server.await(() -> {
            try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
                return socket.isConnected();
            }
        });
        return server;
    }

    private static Server launch(
            String name, Path directory, int port, List<String> command, Map<String, String> environment)
            throws IOException {
        int adminPort = freePort();
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve(name + ".log").toFile());
        builder.environment().putAll(Map.of("PORT", Integer.toString(port), "ADMIN_PORT", Integer.toString(adminPort)));
        builder.environment().putAll(environment);
        Server server = new Server(name, builder.start(), port, adminPort);
        Runtime.getRuntime().addShutdownHook(server.stopAtExit);
        return server;
    }

    private interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }

    private void await(Condition condition) throws InterruptedException {
        long deadline = System.nanoTime() + START_TIME.toNanos();
        while (!holds(condition)) {
            if (!process.isAlive() || System.nanoTime() - deadline > 0) {
                close();
                throw new IllegalStateException(name + " did not start; see " + name + ".log");
            }
            LockSupport.parkNanos(LOOK_INTERVAL.toNanos());
        }
    }

    private static boolean holds(Condition condition) throws InterruptedException {
        try {
            return condition.holds();
        } catch (IOException e) {
            return false;
        }
    }

    String url() {
        return "http://127.0.0.1:" + port;
    }

    int port() {
        return port;
    }

    long pid() {
        return process.pid();
    }

    /** @return the time from the start of the process until it was ready */
    Duration startTime() {
        return startTime;
    }

    /** @return the status of the answer */
    int ask(String method, String path, String... headers) throws IOException, InterruptedException {
        HttpRequest request = HttpRequest.newBuilder(URI.create(url() + path))
                .method(method, HttpRequest.BodyPublishers.noBody())
                .headers(headers)
                .timeout(Duration.ofSeconds(5))
                .build();
        return CLIENT.send(request, BodyHandlers.discarding()).statusCode();
    }

    /** @return the number of answers with status 500 and above, from its metrics; includes {@code /health} during the start */
    double failures() throws IOException, InterruptedException {
        URI metrics = URI.create("http://127.0.0.1:" + adminPort + "/metrics");
        return CLIENT.send(HttpRequest.newBuilder(metrics).build(), BodyHandlers.ofString())
                .body()
                .lines()
                .filter(line -> !line.startsWith("#") && line.contains("5xx_responses_total"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private void stop() {
        process.destroy();
        process.onExit()
                .completeOnTimeout(process, STOP_TIME.toSeconds(), TimeUnit.SECONDS)
                .join()
                .destroyForcibly();
    }

    @Override
    public void close() {
        stop();
        Runtime.getRuntime().removeShutdownHook(stopAtExit);
    }
}
