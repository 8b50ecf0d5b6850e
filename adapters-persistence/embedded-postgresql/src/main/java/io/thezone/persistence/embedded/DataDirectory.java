package io.thezone.persistence.embedded;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The directory of one embedded PostgreSQL, closed to every other user. One process at a time owns it, by a lock that ends
 * with the process.
 */
final class DataDirectory implements AutoCloseable {
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OF_OTHERS = PosixFilePermissions.fromString("---rwxrwx");

    private final Path root;
    private final FileChannel channel;

    private DataDirectory(Path root, FileChannel channel) {
        this.root = root;
        this.channel = channel;
    }

    /** @throws IllegalStateException if another process owns it, another user does, or it cannot be written to */
    static DataDirectory own(Path path) throws IOException {
        Path root = path.toAbsolutePath().normalize();
        FileChannel channel;
        try {
            if (!Files.isDirectory(root)) {
                Files.createDirectories(root, asPrivate());
            }
            shut(root);
            channel = FileChannel.open(
                    root.resolve("lock"),
                    StandardOpenOption.CREATE,
                    StandardOpenOption.WRITE,
                    LinkOption.NOFOLLOW_LINKS);
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

    /** What another user owns, that user may exchange at any time, whatever its mode. */
    private static void shut(Path root) throws IOException {
        if (!SystemUser.current().owns(root)) {
            throw new IllegalStateException(
                    "the data directory " + root + " belongs to the user " + Files.getOwner(root)
                            + ": run the service as that user, or give it a directory of its own (DATA_DIR)");
        }
        if (!isClosed(Files.getPosixFilePermissions(root))) {
            Files.setPosixFilePermissions(root, PRIVATE);
        }
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

    /** Where the server keeps its id and how far it has started. */
    Path processFile() {
        return cluster().resolve("postmaster.pid");
    }

    /** Where it writes its log. */
    Path log() {
        return cluster().resolve("log");
    }

    /** Where the data are made for the first time. */
    Path makingCluster() {
        return root.resolve("making-cluster");
    }

    /** Where its programs are unpacked to: not the system's temporary directory, which may be swept while it runs. */
    Path programs() {
        return root.resolve("programs");
    }

    /** Where clients find how to connect: a libpq service file. */
    Path serviceFile() {
        return root.resolve("pg_service.conf");
    }

    /** What PostgreSQL says before it opens its own log. */
    Path startLog() {
        return root.resolve("start.log");
    }

    static FileAttribute<Set<PosixFilePermission>> asPrivate() {
        return PosixFilePermissions.asFileAttribute(PRIVATE);
    }

    /** Whether no other user could have changed it, or what is in it, since it was made; a symbolic link never is. */
    static boolean isPrivate(Path path) throws IOException {
        if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            return false;
        }
        PosixFileAttributes attributes =
                Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return !attributes.isSymbolicLink()
                && isClosed(attributes.permissions())
                && SystemUser.current().owns(path);
    }

    private static boolean isClosed(Set<PosixFilePermission> permissions) {
        return permissions.stream().noneMatch(OF_OTHERS::contains);
    }

    /** Replaces a file as a whole, for this user only: after a crash it is the old or the new one, on disk. */
    static void replace(Path file, String content) throws IOException {
        Path next = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(next);
        try (FileChannel channel = FileChannel.open(
                next,
                EnumSet.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")))) {
            channel.write(StandardCharsets.UTF_8.encode(content));
            channel.force(true);
        }
        move(next, file);
    }

    /** The new name is on disk when this returns. */
    static void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
        try (FileChannel parent = FileChannel.open(to.resolveSibling("."), StandardOpenOption.READ)) {
            parent.force(true);
        }
    }

    static void delete(Path path) throws IOException {
        if (Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
            MoreFiles.deleteRecursively(path, RecursiveDeleteOption.ALLOW_INSECURE);
        }
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
