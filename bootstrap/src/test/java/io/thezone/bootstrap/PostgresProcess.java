package io.thezone.bootstrap;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The process of a PostgreSQL server, found by its data, and signals to all its processes. */
final class PostgresProcess {
    private PostgresProcess() {}

    /** The server on these data, if one runs: the first line of its postmaster.pid names it. */
    static Optional<ProcessHandle> of(Path cluster) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(cluster.resolve("postmaster.pid"));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        // A process id may have been given to another program since.
        return lines.stream()
                .limit(1)
                .flatMap(line -> ProcessHandle.of(Long.parseLong(line.strip())).stream())
                .filter(process -> process.info().command().orElse("").contains("postgres"))
                .findFirst();
    }

    /** The server first, so that it starts no other process meanwhile. */
    static void signal(String signal, ProcessHandle server) throws IOException, InterruptedException {
        send(signal, Stream.of(server));
        send(signal, server.descendants());
    }

    private static void send(String signal, Stream<ProcessHandle> processes) throws IOException, InterruptedException {
        // The shell's own kill: the program of that name is not on every machine.
        List<String> command = Stream.concat(
                        Stream.of("sh", "-c", "kill -" + signal + " \"$@\"", "kill"),
                        processes.map(process -> Long.toString(process.pid())))
                .toList();
        // Of the processes just listed some may have ended already, which is all that it could complain about.
        Process kill = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!kill.waitFor(10, TimeUnit.SECONDS)) {
            throw new AssertionError("not done: " + command);
        }
    }
}
