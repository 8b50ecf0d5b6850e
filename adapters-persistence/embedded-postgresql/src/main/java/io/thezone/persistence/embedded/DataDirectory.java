package io.thezone.persistence.embedded;

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
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The directory of one embedded PostgreSQL; one process at a time owns it, by a lock that ends with the process. */
final class DataDirectory implements AutoCloseable {
    private static final Logger LOG = LoggerFactory.getLogger(DataDirectory.class);
    private static final Duration STOP_TIME = Duration.ofSeconds(10);

    private final Path root;
    private final FileChannel channel;

    private DataDirectory(Path root, FileChannel channel) {
        this.root = root;
        this.channel = channel;
    }

    /** @throws IllegalStateException if another process owns it */
    static DataDirectory own(Path root) throws IOException {
        Files.createDirectories(root);
        Path lockFile = root.resolve("lock");
        FileChannel channel = FileChannel.open(lockFile, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (tryLock(channel) == null) {
            channel.close();
            throw new IllegalStateException(
                    "the data directory " + root.toAbsolutePath().normalize()
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

    /** Ends the server that a killed service left behind; its data are safe, PostgreSQL recovers them. */
    void stopOrphan() throws IOException, InterruptedException {
        Optional<ProcessHandle> orphan = serverProcess();
        if (orphan.isEmpty()) {
            return;
        }
        LOG.warn(
                "stopping the PostgreSQL that an earlier, killed service left running (process {})",
                orphan.get().pid());
        orphan.get().destroy();
        if (!awaitExit(orphan.get())) {
            orphan.get().destroyForcibly();
            if (!awaitExit(orphan.get())) {
                throw new IllegalStateException("process " + orphan.get().pid() + " holds " + cluster()
                        + " and cannot be stopped: stop it by hand");
            }
        }
    }

    /** The server on this directory, if one runs: the first line of its postmaster.pid names it. */
    Optional<ProcessHandle> serverProcess() throws IOException {
        Path pidFile = cluster().resolve("postmaster.pid");
        if (!Files.exists(pidFile)) {
            return Optional.empty();
        }
        List<String> lines = Files.readAllLines(pidFile);
        if (lines.isEmpty() || !lines.get(0).strip().matches("\\d+")) {
            return Optional.empty();
        }
        return ProcessHandle.of(Long.parseLong(lines.get(0).strip())).filter(DataDirectory::isPostgres);
    }

    /** A process id may have been given to another program since. */
    private static boolean isPostgres(ProcessHandle process) {
        return process.info()
                .command()
                .map(command -> command.contains("postgres"))
                .orElse(false);
    }

    private static boolean awaitExit(ProcessHandle process) throws InterruptedException {
        try {
            process.onExit().get(STOP_TIME.toMillis(), TimeUnit.MILLISECONDS);
            return true;
        } catch (TimeoutException | ExecutionException e) {
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
