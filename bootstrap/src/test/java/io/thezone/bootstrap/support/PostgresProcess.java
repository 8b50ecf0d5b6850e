package io.thezone.bootstrap.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** Finds the process of a PostgreSQL server by its data, and sends signals to all its processes. */
final class PostgresProcess {
    private PostgresProcess() {}

    /** @return the running server on these data, by the process id in the first line of postmaster.pid */
    static Optional<ProcessHandle> of(Path cluster) throws IOException {
        List<String> lines;
        try {
            lines = Files.readAllLines(cluster.resolve("postmaster.pid"));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        }
        // The process id may belong to another program by now.
        return lines.stream()
                .limit(1)
                .flatMap(line -> ProcessHandle.of(Long.parseLong(line.strip())).stream())
                .filter(process -> process.info().command().orElse("").contains("postgres"))
                .findFirst();
    }

    /** Signals the server first, so that it starts no further process meanwhile. */
    static void signal(String signal, ProcessHandle server) throws IOException, InterruptedException {
        send(signal, Stream.of(server));
        send(signal, server.descendants());
    }

    private static void send(String signal, Stream<ProcessHandle> processes) throws IOException, InterruptedException {
        // Uses the shell's builtin kill, because not every machine has the program.
        List<String> command = Stream.concat(
                        Stream.of("sh", "-c", "kill -" + signal + " \"$@\"", "kill"),
                        processes.map(process -> Long.toString(process.pid())))
                .toList();
        // The exit status is ignored, because some of the listed processes may have ended already.
        Process kill = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        if (!kill.waitFor(10, TimeUnit.SECONDS)) {
            throw new AssertionError("not done: " + command);
        }
    }
}
