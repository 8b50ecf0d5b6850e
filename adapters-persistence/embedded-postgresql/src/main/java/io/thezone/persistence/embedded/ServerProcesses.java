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

/** Finds and ends processes that run the programs of a data directory. Called by the holder of its lock, so others are orphans. */
final class ServerProcesses {
    private static final Logger LOG = LoggerFactory.getLogger(ServerProcesses.class);
    private static final Duration STOP_TIME = Duration.ofSeconds(10);

    private final DataDirectory directory;

    ServerProcesses(DataDirectory directory) {
        this.directory = directory;
    }

    /**
     * Stops the processes that an earlier, killed service left running, and deletes postmaster.pid. PostgreSQL refuses to start
     * while the process id in that file exists, to protect itself from processes that outlive their server; those are looked for
     * here, and the id may belong to a zombie or to another program by now.
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

    /** Waits until no process is left; kills those that do not end within {@link #STOP_TIME}, after which PostgreSQL recovers its data. */
    void awaitEnd() throws IOException, InterruptedException {
        if (!awaitNone()) {
            find().forEach(ProcessHandle::destroyForcibly);
            if (!awaitNone()) {
                throw new IllegalStateException("a PostgreSQL holds " + directory.cluster()
                        + " and cannot be stopped: stop it by hand (processes " + find() + ")");
            }
        }
    }

    /** Polls, because Java does not report the end of a process that its parent does not reap. */
    private boolean awaitNone() throws IOException, InterruptedException {
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

    /** @return an empty path for a process that has ended, also for a zombie */
    private static Path program(ProcessHandle process) {
        return Path.of(process.info().command().orElse(""));
    }

    /** Requests a fast shutdown, which does not wait for clients, by SIGINT; Java itself can send only SIGTERM. */
    static void stopFast(long server) throws IOException, InterruptedException {
        new ProcessBuilder("sh", "-c", "kill -INT " + server)
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start()
                .waitFor();
    }
}
