package io.thezone.persistence.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** PostgreSQL's programs, which take seconds to unpack: shared by the data directories of the tests. */
final class UnpackedPrograms {
    private UnpackedPrograms() {}

    /** Links what another data directory has, as if it had been unpacked there. */
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
