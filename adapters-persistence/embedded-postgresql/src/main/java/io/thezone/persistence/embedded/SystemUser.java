package io.thezone.persistence.embedded;

import com.sun.security.auth.module.UnixSystem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A user of the operating system, by its numeric id. */
record SystemUser(long id) {
    private static final long ROOT = 0;

    /** @return the user that runs this process */
    static SystemUser current() {
        return new SystemUser(new UnixSystem().getUid());
    }

    /** @return whether the user owns a file, or the target of a symbolic link */
    boolean owns(Path path) throws IOException {
        return ((Number) Files.getAttribute(path, "unix:uid")).longValue() == id;
    }

    /**
     * Returns the words to put before a command so that it does not run as root, which PostgreSQL refuses; none for an ordinary
     * user. Root becomes nobody in a new user namespace, and still owns its files there.
     *
     * @param unshare the program that creates the namespace
     * @throws IllegalStateException if namespaces are not allowed; the message says what to do
     */
    List<String> dropRoot(String unshare) throws InterruptedException {
        if (id != ROOT) {
            return List.of();
        }
        String reason;
        try {
            Process trial = new ProcessBuilder(unshare, "-U", "true")
                    .redirectErrorStream(true)
                    .start();
            reason = new String(trial.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
            if (trial.waitFor() == 0) {
                return List.of(unshare, "-U");
            }
        } catch (IOException e) {
            reason = String.valueOf(e.getMessage());
        }
        throw new IllegalStateException(
                "the embedded PostgreSQL cannot run as root here: it needs a user namespace, and that"
                        + " is not allowed (" + reason
                        + "); run the service as an ordinary user, or use a PostgreSQL server"
                        + " (STORE_TYPE=postgresql)");
    }
}
