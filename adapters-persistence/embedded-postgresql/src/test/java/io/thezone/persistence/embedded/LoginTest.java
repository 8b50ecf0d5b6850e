package io.thezone.persistence.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LoginTest {
    @TempDir
    private Path directory = Path.of("");

    private Path file = directory;

    @BeforeEach
    void name() {
        file = directory.resolve("pg_service.conf");
    }

    @Test
    void thePasswordIsKeptWhenThePortChanges() throws IOException {
        Login first = Login.loadOrCreate(file, 1);
        Login second = Login.loadOrCreate(file, 2);

        assertEquals(first.password(), second.password());
        assertEquals("2", Clients.service(directory).getProperty("port"));
    }

    @Test
    void onlyTheOwnerMayReadTheFile() throws IOException {
        Login.loadOrCreate(file, 1);

        assertEquals("rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
    }

    @Test
    void thePasswordIsNotPrinted() throws IOException {
        Login login = Login.loadOrCreate(file, 1);

        assertFalse(login.toString().contains(login.password()));
    }

    @Test
    void aLostPasswordIsReplaced() throws IOException {
        Login first = Login.loadOrCreate(file, 1);
        Files.delete(file);

        assertNotEquals(first.password(), Login.loadOrCreate(file, 1).password());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "[thezone]\npassword=\n", "\u0000\u00ff", "password=x'; DROP ROLE thezone; --\n"})
    void aDamagedPasswordIsReplaced(String damaged) throws IOException {
        Login.loadOrCreate(file, 1);
        Files.writeString(file, damaged);

        assertEquals(32, Login.loadOrCreate(file, 1).password().length());
    }

    @Test
    void aPasswordThatOthersCouldReadIsReplaced() throws IOException {
        Login first = Login.loadOrCreate(file, 1);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));

        assertNotEquals(first.password(), Login.loadOrCreate(file, 1).password());
    }

    @Test
    void aPasswordBehindASymbolicLinkIsReplaced() throws IOException {
        Path elsewhere = directory.resolve("elsewhere");
        Login first = Login.loadOrCreate(elsewhere, 1);
        Files.createSymbolicLink(file, elsewhere);

        assertNotEquals(first.password(), Login.loadOrCreate(file, 1).password());
        assertFalse(Files.isSymbolicLink(file));
    }
}
