package io.thezone.persistence.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dropwizard.core.setup.Environment;
import io.thezone.persistence.postgresql.PostgresqlStore;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Access to the database, its files and its programs is limited to the user of the service. */
class DataDirectoryAccessTest {
    private static final int NOBODY = 65534;
    private static final Duration PAUSE = Duration.ofMillis(5);

    private static Path shared;
    private static EmbeddedServer running;

    private Path data;

    /** The data directory, which all users could access before the start. */
    @BeforeAll
    static void launch(@TempDir Path directory) throws Exception {
        shared = directory;
        Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxrwxrwx"));
        running = EmbeddedServer.launch(shared);
    }

    @AfterAll
    static void stop() throws Exception {
        running.stop();
    }

    @BeforeEach
    void useIt() {
        data = shared;
    }

    @Test
    void theRoleOfTheServiceIsNoSuperuserAndCannotRunPrograms() throws Exception {
        assertEquals("off", Clients.ask(data, "SHOW is_superuser"));
        SQLException refusal =
                assertThrows(SQLException.class, () -> Clients.run(data, "COPY (SELECT 1) TO PROGRAM 'cat'"));
        assertEquals("42501", refusal.getSQLState(), refusal::getMessage);
    }

    @ParameterizedTest
    @ValueSource(strings = {"thezone", "postgres", "another"})
    void noUserCanLogInWithoutThePassword(String user) {
        assertRefused(user, "");
        assertRefused(user, "a guess");
    }

    @Test
    void noSuperuserCanLogInWithThePasswordOfTheService() throws Exception {
        assertRefused("postgres", Clients.service(data).getProperty("password"));
    }

    /** Asserts a refusal by the server (SQLSTATE class 28, invalid authorization) or by the driver. */
    private void assertRefused(String user, String password) {
        SQLException refusal = assertThrows(SQLException.class, () -> Clients.connect(data, user, password));
        assertTrue(String.valueOf(refusal.getSQLState()).matches("28...|08004"), refusal::toString);
    }

    @ParameterizedTest
    @CsvSource({
        "., rwx------",
        "programs, rwx------",
        "cluster, rwx------",
        "pg_service.conf, rw-------",
    })
    void noFileIsAccessibleToOtherUsers(String file, String permissions) throws Exception {
        assertEquals(permissions, permissions(file));
    }

    @Test
    void theDatabaseGetsTheNewPasswordAfterALoss(@TempDir Path own) throws Exception {
        data = own;
        UnpackedPrograms.share(shared, data);
        EmbeddedServer.launch(data).stop();
        Files.delete(data.resolve("pg_service.conf"));

        EmbeddedServer server = EmbeddedServer.launch(data);
        try {
            assertEquals("1", Clients.ask(data, "SELECT 1"));
        } finally {
            server.stop();
        }
    }

    @Test
    void programsThatAnotherUserCouldReplaceAreNotRun(@TempDir Path own) throws Exception {
        data = own;
        UnpackedPrograms.share(shared, data);
        Path home;
        try (var programs = Files.list(data.resolve("programs"))) {
            home = programs.findFirst().orElseThrow();
        }
        for (String program : List.of("initdb", "postgres")) {
            Path exchanged = home.resolve("bin").resolve(program);
            Files.delete(exchanged);
            Files.writeString(exchanged, "#!/bin/sh\ntouch " + data.resolve("was-run") + "\nexit 1\n");
            Files.setPosixFilePermissions(exchanged, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Files.setPosixFilePermissions(data.resolve("programs"), PosixFilePermissions.fromString("rwxrwxrwx"));

        EmbeddedServer.launch(data).stop();

        assertFalse(Files.exists(data.resolve("was-run")));
        assertEquals("rwx------", permissions("programs"));
    }

    @Test
    void theDirectoryOfAnotherUserIsRefusedAtOnce(@TempDir Path own) throws Exception {
        Path foreign = Path.of("/");
        if (SystemUser.current().owns(foreign)) {
            foreign = Files.createDirectory(own.resolve("of-another"));
            Files.setAttribute(foreign, "unix:uid", NOBODY);
        }
        Path directory = foreign;

        IllegalStateException refusal =
                assertThrows(IllegalStateException.class, () -> EmbeddedServer.launch(directory));

        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.contains(directory + " belongs to the user "), message);
        assertTrue(message.contains("DATA_DIR"), message);
    }

    /** A database of version 0.1: a superuser without a password owns all tables but one, which an interrupted start has handed over. */
    @Test
    void anOpenDatabaseIsClosedAndGetsANewOwner(@TempDir Path own) throws Exception {
        data = own;
        UnpackedPrograms.share(shared, data);
        EmbeddedPostgres old = EmbeddedPostgres.builder()
                .setLocaleConfig("locale", "C")
                .setDataDirectory(data.resolve("cluster"))
                .setCleanDataDirectory(false)
                .start();
        try (Connection superuser = old.getPostgresDatabase().getConnection()) {
            PostgresqlStore.open(
                    new Environment("old"),
                    new PostgresqlStore.Access(old.getJdbcUrl("postgres", "postgres"), "postgres", ""),
                    1,
                    true,
                    false);
            Clients.run(
                    superuser,
                    "INSERT INTO sessions (key, version, format, streams, lapses_at)"
                            + " VALUES (gen_random_uuid(), nextval('session_version'), 1, '{\"streams\": []}', now())",
                    "CREATE TABLE notes (id int GENERATED ALWAYS AS IDENTITY, note text)",
                    "INSERT INTO notes (note) VALUES ('kept')",
                    "CREATE ROLE thezone SUPERUSER",
                    "ALTER TABLE sessions OWNER TO thezone");
        } finally {
            old.close();
        }
        AtomicBoolean launched = new AtomicBoolean();
        CompletableFuture<Boolean> letIn = CompletableFuture.supplyAsync(() -> canAnybodyLogIn(launched));

        EmbeddedServer server = EmbeddedServer.launch(data);
        try {
            launched.set(true);
            assertFalse(letIn.get());
            assertEquals("off", Clients.ask(data, "SHOW is_superuser"));
            assertEquals("1", Clients.ask(data, "SELECT count(*) FROM sessions"));
            assertEquals("kept", Clients.ask(data, "SELECT note FROM notes"));
            assertEquals(
                    "thezone",
                    Clients.ask(
                            data,
                            "SELECT string_agg(DISTINCT relowner::regrole::text, ',') FROM pg_class"
                                    + " WHERE relnamespace = 'public'::regnamespace"));
            PostgresqlStore.Access access = new PostgresqlStore.Access(
                    server.login().url(), Login.USER, server.login().password());
            PostgresqlStore.open(new Environment("new"), access, 1, true, true);
            Clients.run(
                    data,
                    "UPDATE sessions SET version = nextval('session_version')",
                    "INSERT INTO notes (note) VALUES ('more')",
                    "COMMENT ON VIEW active_streams IS 'only its owner may do this'");
        } finally {
            server.stop();
        }
    }

    /** Tries to log in repeatedly until the server is launched, and once more after that. */
    private boolean canAnybodyLogIn(AtomicBoolean launched) {
        boolean last;
        do {
            last = launched.get();
            for (String user : List.of("thezone", "postgres")) {
                try (Connection open = Clients.connect(data, user, "")) {
                    return open.isValid(1);
                } catch (Exception refused) {
                    LockSupport.parkNanos(PAUSE.toNanos());
                }
            }
        } while (!last);
        return false;
    }

    private String permissions(String file) throws Exception {
        return PosixFilePermissions.toString(Files.getPosixFilePermissions(data.resolve(file)));
    }
}
