package io.thezone.bootstrap.gateways;

import io.thezone.rest.testing.Eventually;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A gateway of this machine with the files that are shipped for it, in which only addresses are replaced. */
final class Gateway implements AutoCloseable {
    private static final Path SHIPPED = Path.of("..", "deploy", "gateways");
    private static final Duration START_TIME = Duration.ofSeconds(10);

    private final Process process;
    private final Path directory;
    private final int port;

    /**
     * The files for a gateway, and how it is started.
     *
     * @param name of its directory in {@code deploy/gateways}
     * @param file its configuration
     * @param command that runs it in the foreground, in the directory of its configuration
     */
    record Shipped(String name, String file, List<String> command) {
        /** What thezone has to know of it. */
        Path settings() {
            return SHIPPED.resolve(name).resolve("thezone.yml");
        }

        boolean isInstalled() {
            return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                    .anyMatch(directory -> Files.isExecutable(Path.of(directory, command.get(0))));
        }
    }

    /** @param directory an empty one for its files */
    Gateway(Shipped shipped, Path directory, int thezonePort, int originPort) throws Exception {
        this.directory = directory;
        this.port = freePort();
        Files.writeString(
                directory.resolve(shipped.file()),
                replaced(
                        Files.readString(SHIPPED.resolve(shipped.name()).resolve(shipped.file())),
                        "127.0.0.1:3001",
                        "127.0.0.1:" + thezonePort,
                        "127.0.0.1:8081",
                        "127.0.0.1:" + originPort,
                        "127.0.0.1:8080",
                        "127.0.0.1:" + port));
        process = new ProcessBuilder(shipped.command())
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile())
                .start();
        try {
            Eventually.within(START_TIME, this::listens, this::log);
        } catch (Exception | AssertionError e) {
            close();
            throw e;
        }
    }

    int port() {
        return port;
    }

    String log() {
        try {
            Path log = directory.resolve("error.log");
            return (Files.exists(log) ? Files.readString(log) : "") + Files.readString(directory.resolve("output"));
        } catch (IOException e) {
            return "its log cannot be read: " + e;
        }
    }

    private boolean listens() {
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static String replaced(String text, String... pairs) {
        String all = text;
        for (int i = 0; i < pairs.length; i += 2) {
            if (!all.contains(pairs[i])) {
                throw new IllegalStateException("the shipped file has no " + pairs[i]);
            }
            all = all.replace(pairs[i], pairs[i + 1]);
        }
        return all;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Sends SIGTERM, upon which a gateway also ends its workers. */
    @Override
    public void close() {
        process.destroy();
        process.onExit().orTimeout(START_TIME.toSeconds(), TimeUnit.SECONDS).join();
    }
}
