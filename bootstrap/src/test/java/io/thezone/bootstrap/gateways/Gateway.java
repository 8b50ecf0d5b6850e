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
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** A gateway of this machine with the files that are shipped for it, in which only addresses are replaced. */
final class Gateway implements AutoCloseable {
    /** What the shipped files name by their ports. */
    static final String THEZONE = "3001";

    static final String SECOND_THEZONE = "3003";
    static final String ORIGIN = "8081";

    private static final String VIEWERS = "8080";
    private static final String TLS = "8443";
    /** Files in memory; here they lie with the others, and are removed with them. */
    private static final String MEMORY = "/dev/shm";

    private static final Path SHIPPED = Path.of("..", "deploy", "gateways");
    private static final Duration START_TIME = Duration.ofSeconds(10);

    private final Process process;
    private final Path directory;
    private final int port;
    private final int tlsPort;

    /**
     * The files for a gateway, and how it is started. They name thezone by port 3001, the origin by 8081, and listen at 8080. A line
     * after {@code #<part>}, in Lua {@code --#<part>}, is not in force; the parts are {@code tls}, at port 8443, {@code second}, a
     * second node of thezone at port 3003, {@code page}, for pages that ask themselves, and {@code cache}.
     *
     * @param name of its directory in {@code deploy/gateways}
     * @param files of that directory that it reads
     * @param command that runs it in the foreground as any user, in a directory of its own with these files, and logs to the console
     */
    record Shipped(String name, List<String> files, List<String> command) {
        boolean isInstalled() {
            return Arrays.stream(System.getenv("PATH").split(File.pathSeparator, -1))
                    .anyMatch(directory -> Files.isExecutable(Path.of(directory, command.get(0))));
        }

        boolean has(String part) throws IOException {
            for (String file : files) {
                if (!text(file, Set.of()).equals(text(file, Set.of(part)))) {
                    return true;
                }
            }
            return false;
        }

        /** One of the files, thezone.yml among them, with some of its parts in force. */
        String text(String file, Set<String> parts) throws IOException {
            String text = Files.readString(SHIPPED.resolve(name).resolve(file));
            for (String part : parts) {
                text = text.replaceAll("(--)?#" + part + " ", "");
            }
            return text;
        }
    }

    /**
     * @param directory an empty one, or one with site.pem, in which it runs
     * @param words of the files, such as ports, and by what they are replaced
     * @param parts that are in force
     */
    Gateway(Shipped shipped, Path directory, Map<String, String> words, Set<String> parts) throws Exception {
        this.directory = directory;
        this.port = freePort();
        this.tlsPort = freePort();
        List<String> texts = new ArrayList<>(shipped.command());
        for (String file : shipped.files()) {
            texts.add(shipped.text(file, parts).replace(MEMORY, directory.toString()));
        }
        for (Map.Entry<String, String> each : words.entrySet()) {
            texts = replaced(texts, each.getKey(), each.getValue());
        }
        texts = replaced(texts, VIEWERS, Integer.toString(port));
        if (parts.contains("tls")) {
            texts = replaced(texts, TLS, Integer.toString(tlsPort));
        }
        int command = shipped.command().size();
        for (int i = 0; i < shipped.files().size(); i++) {
            Files.writeString(directory.resolve(shipped.files().get(i)), texts.get(command + i));
        }
        ProcessBuilder builder = new ProcessBuilder(texts.subList(0, command))
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

    int tlsPort() {
        return tlsPort;
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

    /** Every word has to stand somewhere, in a file or in the command. */
    private static List<String> replaced(List<String> texts, String word, String replacement) {
        List<String> all = texts.stream()
                .map(text -> text.replaceAll("\\b" + word + "\\b", replacement))
                .toList();
        if (all.equals(texts)) {
            throw new IllegalStateException("nothing that is shipped has " + word);
        }
        return all;
    }

    static int freePort() throws IOException {
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
