package io.thezone.persistence.embedded;

import com.google.common.hash.Hashing;
import com.google.common.io.Resources;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.tukaani.xz.XZInputStream;

/** The programs of PostgreSQL, unpacked from the class path into a directory that only this user can change. */
final class Programs {
    private static final Map<String, String> ARCHITECTURES = Map.of("amd64", "x86_64", "aarch64", "arm_64");

    private static final int EXECUTABLE = 0100;

    private final Path home;
    private final List<String> prefix;

    private Programs(Path home, List<String> prefix) {
        this.home = home;
        this.prefix = prefix;
    }

    /**
     * Unpacks the programs unless the same version is there. Deletes first what is incomplete, of another version, or could have
     * been changed by another user.
     *
     * @param prefix words to put before each command
     */
    static Programs unpack(Path directory, List<String> prefix) throws IOException {
        URL archive = archive();
        Path home = directory.resolve("PG-"
                + Resources.asByteSource(archive)
                        .hash(Hashing.sha256())
                        .toString()
                        .substring(0, 32));
        if (!DataDirectory.isPrivate(directory) || !Files.exists(home)) {
            DataDirectory.delete(directory);
            Files.createDirectory(directory, DataDirectory.privateAttribute());
            Path unpacking = directory.resolve("unpacking");
            extract(archive, unpacking);
            DataDirectory.move(unpacking, home);
        }
        return new Programs(home, prefix);
    }

    private static URL archive() {
        // The macOS build works on both architectures.
        String name = System.getProperty("os.name").startsWith("Mac")
                ? "darwin-x86_64"
                : "linux-" + ARCHITECTURES.get(System.getProperty("os.arch"));
        URL archive = Programs.class.getResource("/postgres-" + name + ".txz");
        if (archive == null) {
            throw new IllegalStateException("this jar has no PostgreSQL for " + System.getProperty("os.name") + " on "
                    + System.getProperty("os.arch") + ": use a PostgreSQL server (STORE_TYPE=postgresql)");
        }
        return archive;
    }

    private static void extract(URL archive, Path directory) throws IOException {
        try (InputStream packed = new BufferedInputStream(archive.openStream());
                TarArchiveInputStream tar = new TarArchiveInputStream(new XZInputStream(packed))) {
            for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                Path target = directory.resolve(entry.getName());
                if (entry.isDirectory()) {
                    Files.createDirectories(target);
                } else {
                    Files.createDirectories(target.resolveSibling("."));
                    write(tar, entry, target);
                }
            }
        }
    }

    private static void write(TarArchiveInputStream tar, TarArchiveEntry entry, Path target) throws IOException {
        if (entry.isSymbolicLink()) {
            Files.createSymbolicLink(target, Path.of(entry.getLinkName()));
            return;
        }
        Files.copy(tar, target);
        if ((entry.getMode() & EXECUTABLE) != 0 && !target.toFile().setExecutable(true)) {
            throw new IOException(target + " cannot be made executable");
        }
    }

    /** @return a command that runs a program, with messages in English, and errors in its standard output */
    ProcessBuilder command(String program, List<String> arguments) {
        List<String> command = new ArrayList<>(prefix);
        command.add(home.resolve("bin").resolve(program).toString());
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("LC_ALL", "C");
        return builder.redirectErrorStream(true);
    }
}
