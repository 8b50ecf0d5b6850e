package io.thezone.persistence.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Which nodes may start on a store. */
class SessionKeyFingerprintTest {
    /** Of the key "secret", with one iteration. */
    private static final String OF_SECRET =
            "PBKDF2WithHmacSHA256 1 000102030405060708090a0b0c0d0e0f 7729983a232dec1541432c965a1ee539";

    private final FactsInMemory facts = new FactsInMemory();

    @Test
    void theFirstNodePutsItsKeyInForceAndOnlyNodesWithThatKeyAgree() {
        assertTrue(SessionKeyFingerprint.agrees(facts, "a key"));
        String fingerprint = facts.find("session-key").orElseThrow();
        assertTrue(fingerprint.matches("PBKDF2WithHmacSHA256 600000 [0-9a-f]{32} [0-9a-f]{32}"), fingerprint);
        assertTrue(SessionKeyFingerprint.agrees(facts, "a key"));
        assertFalse(SessionKeyFingerprint.agrees(facts, "another key"));
        assertEquals(Optional.of(fingerprint), facts.find("session-key"));
    }

    @Test
    void aReplacedKeyIsInForceUnderASaltOfItsOwn() {
        SessionKeyFingerprint.replace(facts, "a key");
        Optional<String> first = facts.find("session-key");
        SessionKeyFingerprint.replace(facts, "a key");
        assertNotEquals(first, facts.find("session-key"));
        assertTrue(SessionKeyFingerprint.agrees(facts, "a key"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"secret", "another"})
    void ofNodesThatStartAtTheSameTimeThoseAgreeThatHaveTheKeyOfTheFirst(String key) {
        FactsInMemory racing = new FactsInMemory() {
            @Override
            public Optional<String> find(String name) {
                return Optional.empty();
            }
        };
        racing.replace("session-key", OF_SECRET);
        assertEquals(key.equals("secret"), SessionKeyFingerprint.agrees(racing, key));
    }

    @Test
    void noKeyAgreesWithADamagedFingerprint() {
        facts.replace("session-key", OF_SECRET + "0");
        assertFalse(SessionKeyFingerprint.agrees(facts, "secret"));
    }
}
