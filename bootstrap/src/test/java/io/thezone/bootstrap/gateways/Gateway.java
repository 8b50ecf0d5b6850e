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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A gateway of this machine with the files that are shipped for it, in which only ports are replaced. */
final class Gateway implements AutoCloseable {
    private static final Path SHIPPED = Path.of("..", "deploy", "gateways");
    private static final String THEZONE = "3001";
    private static final String ORIGIN = "8081";
    private static final String VIEWERS = "8080";
    private static final Duration START_TIME = Duration.ofSeconds(10);

    private final Process process;
    private final Path directory;
    private final int port;

    /**
     * The files for a gateway, and how it is started. All of them name thezone by port 3001, the origin by 8081, and listen at 8080.
     *
     * @param name of its directory in {@code deploy/gateways}
     * @param files of that directory that it reads
     * @param command that runs it in the foreground as any user, in a directory of its own with these files, and logs to the console
     */
    record Shipped(String name, List<String> files, List<String> command) {
        /** What thezone has to know of it. */
        Path settings() {
            return file("thezone.yml");
        }

        Path file(String file) {
            return SHIPPED.resolve(name).resolve(file);
        }

        boolean isInstalled() {
            return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                    .anyMatch(directory -> Files.isExecutable(Path.of(directory, command.get(0))));
        }
    }

    /** @param directory an empty one, in which it runs */
    Gateway(Shipped shipped, Path directory, int thezonePort, int originPort) throws Exception {
        this.directory = directory;
        this.port = freePort();
        // Every port has to stand somewhere, in a file or in the command.
        List<String> texts = new ArrayList<>(shipped.command());
        for (String file : shipped.files()) {
            texts.add(Files.readString(shipped.file(file)));
        }
        texts = replaced(texts, THEZONE, thezonePort);
        texts = replaced(texts, ORIGIN, originPort);
        texts = replaced(texts, VIEWERS, port);
        int words = shipped.command().size();
        for (int i = 0; i < shipped.files().size(); i++) {
            Files.writeString(directory.resolve(shipped.files().get(i)), texts.get(words + i));
        }
        ProcessBuilder builder = new ProcessBuilder(texts.subList(0, words))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("output").toFile());
        builder.environment().put("HOME", directory.toString());
        process = builder.start();
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
            return Files.readString(directory.resolve("output"));
        } catch (IOException e) {
            return "its log cannot be read: " + e;
        }
    }

    private boolean listens() {
        if (!process.isAlive()) {
            throw new AssertionError("the gateway ended: " + log());
        }
        try (Socket socket = new Socket()) {
            socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private static List<String> replaced(List<String> texts, String number, int port) {
        List<String> all = texts.stream()
                .map(text -> text.replaceAll("\\b" + number + "\\b", Integer.toString(port)))
                .toList();
        if (all.equals(texts)) {
            throw new IllegalStateException("nothing that is shipped names port " + number);
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
