package io.thezone.persistence.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The processes that run programs of a data directory. Only its owner looks, so whatever it did not start is left over. */
final class ServerProcesses {
    private static final Logger LOG = LoggerFactory.getLogger(ServerProcesses.class);
    private static final Duration STOP_TIME = Duration.ofSeconds(10);

    private final DataDirectory directory;

    ServerProcesses(DataDirectory directory) {
        this.directory = directory;
    }

    /**
     * Ends what an earlier, killed service left running. Then forgets the id that its server left, since PostgreSQL does not
     * start while any process has that id, be it one that nobody reaped or one that got the id since. What that rule is for,
     * processes which outlive their server, is looked for here.
     */
    void stopOrphans() throws IOException, InterruptedException {
        List<ProcessHandle> orphans = find();
        if (!orphans.isEmpty()) {
            LOG.warn(
                    "stopping the PostgreSQL that an earlier, killed service left running (process {})",
                    orphans.stream()
                            .map(process -> Long.toString(process.pid()))
                            .collect(Collectors.joining(", ")));
        }
        for (ProcessHandle orphan : orphans) {
            if (!program(orphan).endsWith("postgres")) {
                orphan.destroyForcibly();
            } else if (orphan.parent().filter(orphans::contains).isEmpty()) {
                stopFast(orphan.pid());
            }
        }
        awaitEnd();
        Files.deleteIfExists(directory.processFile());
    }

    /** Those that do not end soon are killed; their data are safe, PostgreSQL recovers them. */
    void awaitEnd() throws IOException, InterruptedException {
        if (!areGone()) {
            find().forEach(ProcessHandle::destroyForcibly);
            if (!areGone()) {
                throw new IllegalStateException("a PostgreSQL holds " + directory.cluster()
                        + " and cannot be stopped: stop it by hand (processes " + find() + ")");
            }
        }
    }

    /** Asks again and again: a process that nobody reaps is never reported as ended. */
    private boolean areGone() throws IOException, InterruptedException {
        long deadline = System.nanoTime() + STOP_TIME.toNanos();
        while (!find().isEmpty()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return true;
    }

    private List<ProcessHandle> find() throws IOException {
        if (!Files.exists(directory.programs())) {
            return List.of();
        }
        Path programs = directory.programs().toRealPath();
        return ProcessHandle.allProcesses()
                .filter(process -> program(process).startsWith(programs))
                .toList();
    }

    /** Nothing for a process that has ended, reaped or not. */
    private static Path program(ProcessHandle process) {
        return Path.of(process.info().command().orElse(""));
    }

    /** Sends SIGINT, at which a server shuts down without waiting for its clients; Java itself sends only SIGTERM. */
    static void stopFast(long server) throws IOException, InterruptedException {
        new ProcessBuilder("sh", "-c", "kill -INT " + server)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
