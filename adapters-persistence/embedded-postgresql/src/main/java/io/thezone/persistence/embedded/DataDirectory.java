package io.thezone.persistence.embedded;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directory of one embedded PostgreSQL; one process at a time owns it, by a lock that ends with the process. */
final class DataDirectory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);
    private static final String PID_FILE = "postmaster.pid";
    private static final Duration STOP_TIME = Duration.ofSeconds(10);

    private final Path root;
    private final FileChannel channel;

    private DataDirectory(Path root, FileChannel channel) {
        this.root = root;
        this.channel = channel;
    }

    /** @throws IllegalStateException if another process owns it, or it cannot be written to */
    static DataDirectory own(Path path) throws IOException {
        Path root = path.toAbsolutePath().normalize();
        FileChannel channel;
        try {
            Files.createDirectories(root);
            channel = FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException e) {
            throw new IllegalStateException("the data directory " + root + " cannot be used: " + e + " (DATA_DIR)", e);
        }
        if (tryLock(channel) == null) {
            channel.close();
            throw new IllegalStateException("the data directory " + root
                    + " is used by another running service: stop that one, or give this one its own (DATA_DIR)");
        }
        return new DataDirectory(root, channel);
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    /** Where PostgreSQL keeps its data. */
    Path cluster() {
        return root.resolve("cluster");
    }

    /** Where its programs are unpacked to: not the system's temporary directory, which may be swept while it runs. */
    Path programs() {
        return root.resolve("programs");
    }

    /** Where it writes its log. */
    Path log() {
        return cluster().resolve("log");
    }

    /** There while the data are made for the first time. */
    private Path making() {
        return root.resolve("making-cluster");
    }

    /** Removes what a start that was cut short left half unpacked or half made: nothing can go on from there. */
    void clearUnfinished() throws IOException {
        if (Files.exists(making()) && Files.exists(cluster())) {
            MoreFiles.deleteRecursively(cluster(), RecursiveDeleteOption.ALLOW_INSECURE);
        }
        if (Files.exists(programs())) {
            for (Path version : MoreFiles.listFiles(programs())) {
                if (!Files.exists(version.resolve(".exists"))) {
                    MoreFiles.deleteRecursively(version, RecursiveDeleteOption.ALLOW_INSECURE);
                }
            }
        }
        if (!Files.exists(cluster()) && !Files.exists(making())) {
            Files.createFile(making());
        }
    }

    void finished() throws IOException {
        Files.deleteIfExists(making());
    }

    /** The library locks the data too, until it is told to stop a server, which it cannot do with one that died. */
    void unlock() throws IOException {
        Files.deleteIfExists(cluster().resolve("epg-lock"));
    }

    /** Ends the server that a killed service left behind; its data are safe, PostgreSQL recovers them. */
    void stopOrphan() throws IOException, InterruptedException {
        serverProcess()
                .ifPresent(orphan -> LOG.warn(
                        "stopping the PostgreSQL that an earlier, killed service left running (process {})",
                        orphan.pid()));
        stopServer();
    }

    /** Ends the server that runs on this directory, if one does, so that another can start. */
    void stopServer() throws IOException, InterruptedException {
        serverProcess().ifPresent(ProcessHandle::destroy);
        if (!await(() -> serverProcess().isEmpty())) {
            serverProcess().ifPresent(ProcessHandle::destroyForcibly);
            if (!await(() -> serverProcess().isEmpty())) {
                throw new IllegalStateException("a PostgreSQL holds " + cluster() + " and cannot be stopped: stop it by"
                        + " hand, its process id is in " + PID_FILE + " there");
            }
        }
        forgetServer();
    }

    /**
     * PostgreSQL does not start while any process has the id that the last server left, be it one that nobody reaped or one
     * that got the id since. What that rule is for, processes which outlive their server, is looked for here.
     */
    private void forgetServer() throws IOException, InterruptedException {
        if (Files.exists(programs())) {
            Path ours = programs().toRealPath();
            if (await(() -> ProcessHandle.allProcesses()
                    .noneMatch(process -> program(process).startsWith(ours)))) {
                Files.deleteIfExists(cluster().resolve(PID_FILE));
            }
        }
    }

    /** Asks again and again: a process that nobody reaps is never reported as ended. */
    private static boolean await(Condition condition) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + STOP_TIME.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() - deadline > 0) {
                return false;
            }
            TimeUnit.MILLISECONDS.sleep(20);
        }
        return true;
    }

    private interface Condition {
        boolean holds() throws IOException;
    }

    /** The server on this directory, if one runs: the first line of its postmaster.pid names it. */
    Optional<ProcessHandle> serverProcess() throws IOException {
        Path pidFile = cluster().resolve(PID_FILE);
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(pidFile);
        if (lines.isEmpty() || !lines.get(0).strip().matches("\\d+")) {
            return Optional.empty();
        }
        // Its id may have been given to another program since.
        return ProcessHandle.of(Long.parseLong(lines.get(0).strip()))
                .filter(process -> program(process).endsWith("postgres"));
    }

    /** Nothing for a process that has ended, reaped or not. */
    private static Path program(ProcessHandle process) {
        return Path.of(process.info().command().orElse(""));
    }

    @Override
    public String toString() {
        return root.toString();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
