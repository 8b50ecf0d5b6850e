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
 * The data directory of an embedded PostgreSQL, accessible to its user only. A file lock, which ends with the process, keeps a
 * second process out.
 */
final class DataDirectory implements AutoCloseable {
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");
    private static final Set<PosixFilePermission> OF_GROUP_AND_OTHERS = PosixFilePermissions.fromString("---rwxrwx");

    private final Path root;
    private final FileChannel channel;

    private DataDirectory(Path root, FileChannel channel) {
        this.root = root;
        this.channel = channel;
    }

    /** @throws IllegalStateException if another process uses it, it belongs to another user, or it cannot be written to */
    static DataDirectory acquire(Path path) throws IOException {
        Path root = path.toAbsolutePath().normalize();
        FileChannel channel;
        try {
            if (!Files.isDirectory(root)) {
                Files.createDirectories(root, privateAttribute());
            }
            makePrivate(root);
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

    /** Removes the rights of other users. A directory of another user is refused: its owner can replace its content, whatever the mode. */
    private static void makePrivate(Path root) throws IOException {
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

    /** The data of PostgreSQL. */
    Path cluster() {
        return root.resolve("cluster");
    }

    /** The file with the server's process id and status. */
    Path processFile() {
        return cluster().resolve("postmaster.pid");
    }

    /** The directory of the server's log. */
    Path log() {
        return cluster().resolve("log");
    }

    /** The data while initdb creates them. */
    Path unfinishedCluster() {
        return root.resolve("making-cluster");
    }

    /** The unpacked programs; not in the system's temporary directory, from which files may be deleted while they run. */
    Path programs() {
        return root.resolve("programs");
    }

    /** The libpq service file, from which clients read how to connect. */
    Path serviceFile() {
        return root.resolve("pg_service.conf");
    }

    /** The output of PostgreSQL before it opens its own log. */
    Path startLog() {
        return root.resolve("start.log");
    }

    static FileAttribute<Set<PosixFilePermission>> privateAttribute() {
        return PosixFilePermissions.asFileAttribute(PRIVATE);
    }

    /** @return whether no other user can have changed a file, or the content of a directory; false for a symbolic link */
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
        return permissions.stream().noneMatch(OF_GROUP_AND_OTHERS::contains);
    }

    /** Replaces a file atomically and durably; only this user may read it. */
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

    /** Renames a file atomically and durably. */
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
