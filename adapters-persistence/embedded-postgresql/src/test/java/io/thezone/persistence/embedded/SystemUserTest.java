package io.thezone.persistence.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SystemUserTest {
    private static final SystemUser ROOT = new SystemUser(0);

    @Test
    void anOrdinaryUserRunsPostgresqlDirectly() throws Exception {
        assertEquals(List.of(), new SystemUser(1000).dropRoot("false"));
    }

    @Test
    void rootRunsPostgresqlAsNobodyInAUserNamespace() throws Exception {
        assertEquals(List.of("true", "-U"), ROOT.dropRoot("true"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"false", "/nowhere/unshare"})
    void withoutUserNamespacesRootGetsAnErrorThatSaysWhatToDo(String unshare) {
        IllegalStateException refusal = assertThrows(IllegalStateException.class, () -> ROOT.dropRoot(unshare));

        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.contains("run the service as an ordinary user"), message);
        assertTrue(message.contains("STORE_TYPE=postgresql"), message);
    }
}
