package io.thezone.persistence.embedded;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The credentials of the service for its database, kept in a libpq service file that {@code psql} can use, too.
 *
 * @param port on loopback
 */
record Login(int port, String password) {
    static final String DATABASE = "postgres";
    static final String USER = "thezone";

    private static final int PASSWORD_BYTES = 24;
    private static final Pattern PASSWORD = Pattern.compile("(?m)^password=([A-Za-z0-9_-]{32})$");

    /**
     * Rewrites the file with its password and a new port. It draws a new password if there is none, or another user could have
     * written it; each start sets the password of the file in the database.
     */
    static Login loadOrCreate(Path file, int port) throws IOException {
        Login login = new Login(port, password(file).orElseGet(Login::newPassword));
        DataDirectory.replace(
                file,
                """
                # How to connect to this PostgreSQL; written by thezone at each start, the password is kept.
                [thezone]
                host=127.0.0.1
                port=%s
                dbname=%s
                user=%s
                password=%s
                """
                        .formatted(port, DATABASE, USER, login.password));
        return login;
    }

    private static Optional<String> password(Path file) throws IOException {
        if (!DataDirectory.isPrivate(file)) {
            return Optional.empty();
        }
        // ISO 8859-1 decodes any bytes, also those of a damaged file.
        return Optional.of(PASSWORD.matcher(Files.readString(file, StandardCharsets.ISO_8859_1)))
                .filter(Matcher::find)
                .map(found -> found.group(1));
    }

    private static String newPassword() {
        byte[] bytes = new byte[PASSWORD_BYTES];
        new SecureRandom().nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Demands SCRAM, so that a foreign process on the port does not learn the password. */
    String url() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + DATABASE + "?requireAuth=scram-sha-256";
    }

    @Override
    public String toString() {
        return USER + " at port " + port;
    }
}
