package io.thezone.persistence.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** Shares the unpacked programs of PostgreSQL between the data directories of tests, because unpacking takes seconds. */
final class UnpackedPrograms {
    private UnpackedPrograms() {}

    /** Links the programs of another data directory, as if they had been unpacked here. */
    static void share(Path from, Path to) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(from.resolve("programs"))) {
            files = all.toList();
        }
        Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from));
        for (Path file : files) {
            Path link = to.resolve(from.relativize(file));
            if (Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
                Files.createDirectory(link, DataDirectory.privateAttribute());
            } else if (Files.isSymbolicLink(file)) {
                Files.createSymbolicLink(link, Files.readSymbolicLink(file));
            } else {
                Files.createLink(link, file);
            }
        }
    }
}
