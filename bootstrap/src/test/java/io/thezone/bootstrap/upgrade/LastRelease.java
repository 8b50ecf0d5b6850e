package io.thezone.bootstrap.upgrade;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import com.google.common.io.Resources;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/** Builds the last release from the commit in the file {@code last-release}, and keeps it in the build directory. */
final class LastRelease {
    private static final long BUILD_MINUTES = 8;

    private final String commit;
    private final Path directory;

    LastRelease() throws IOException {
        this.commit = Resources.toString(Resources.getResource("last-release"), StandardCharsets.US_ASCII)
                .strip();
        this.directory = Path.of("target", "last-release", commit).toAbsolutePath();
    }

    /** @return the reason why it cannot be built here, if there is one */
    Optional<String> missing() throws IOException, InterruptedException {
        Path log = Files.createTempFile("git", ".log");
        try {
            return run(log, Path.of(".."), "git", "cat-file", "-e", commit + "^{commit}") == 0
                    ? Optional.empty()
                    : Optional.of("the git history here does not go back to the last release, " + commit + ": "
                            + Files.readString(log));
        } finally {
            Files.delete(log);
        }
    }

    Path config() {
        return directory.resolve("config.yml");
    }

    Path jar() throws IOException, InterruptedException {
        Path jar = directory.resolve("bootstrap/target/thezone.jar");
        if (!Files.exists(jar)) {
            unpack();
            Path log = directory.resolve("build.log");
            if (run(
                            log,
                            directory,
                            "mvn",
                            "-q",
                            "-B",
                            "-P",
                            "!lint",
                            "-DskipTests",
                            "-pl",
                            "bootstrap",
                            "-am",
                            "package")
                    != 0) {
                throw new AssertionError("the last release is not built: " + Files.readString(log));
            }
        }
        return jar;
    }

    private void unpack() throws IOException, InterruptedException {
        if (Files.exists(directory)) {
            MoreFiles.deleteRecursively(directory, RecursiveDeleteOption.ALLOW_INSECURE);
        }
        Files.createDirectories(directory);
        Path sources = directory.resolve("sources.zip");
        Path log = directory.resolve("git.log");
        if (run(log, Path.of(".."), "git", "archive", "--format=zip", "--output=" + sources, commit) != 0) {
            throw new AssertionError(Files.readString(log));
        }
        try (ZipInputStream entries = new ZipInputStream(Files.newInputStream(sources))) {
            for (ZipEntry entry = entries.getNextEntry(); entry != null; entry = entries.getNextEntry()) {
                write(directory.resolve(entry.getName()), entry, entries);
            }
        }
    }

    private static void write(Path target, ZipEntry entry, InputStream content) throws IOException {
        if (entry.isDirectory()) {
            Files.createDirectories(target);
        } else {
            Files.createDirectories(target.getParent());
            Files.copy(content, target);
        }
    }

    private static int run(Path log, Path directory, String... command) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(List.of(command))
                .directory(directory.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        Process process = builder.start();
        try {
            if (!process.waitFor(BUILD_MINUTES, TimeUnit.MINUTES)) {
                throw new AssertionError("not done after " + BUILD_MINUTES + " minutes: " + List.of(command));
            }
        } finally {
            process.destroyForcibly();
        }
        return process.exitValue();
    }
}
