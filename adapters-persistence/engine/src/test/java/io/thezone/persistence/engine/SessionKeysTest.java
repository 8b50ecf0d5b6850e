package io.thezone.persistence.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.thezone.domain.SessionId;
import org.junit.jupiter.api.Test;

class SessionKeysTest {
    private static final SessionId ALICE = new SessionId("alice");

    /** As {@code openssl dgst -sha256 -hmac} computes it. A change would make every stored session unreachable. */
    @Test
    void theKeyIsTheFirstHalfOfAnHmacOfTheId() {
        assertEquals(
                "5e27557aa2059fcb7ea0c33512adf2b5",
                new SessionKeys("a secret ä").of(ALICE).toString());
    }

    @Test
    void anotherSecretGivesAnotherKey() {
        assertNotEquals(new SessionKeys("one").of(ALICE), new SessionKeys("other").of(ALICE));
    }
}
