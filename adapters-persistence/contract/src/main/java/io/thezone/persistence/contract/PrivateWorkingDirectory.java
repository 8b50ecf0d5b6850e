package io.thezone.persistence.contract;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/**
 * Keeps the PostgreSQL that tests start out of the reach of other users. The library that starts it unpacks the programs into a
 * directory that everybody may write to, by default in the system's temporary one; here that is below {@code target}, in a
 * directory that only this user may enter.
 */
public final class PrivateWorkingDirectory implements LauncherSessionListener {
    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    @Override
    public void launcherSessionOpened(LauncherSession session) {
        Path directory = Path.of("target", "private").toAbsolutePath();
        try {
            Files.createDirectories(directory, PosixFilePermissions.asFileAttribute(PRIVATE));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        System.setProperty("ot.epg.working-dir", directory.resolve("postgresql").toString());
    }
}
