package io.thezone.domain;

import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each value refuses what is out of its bounds. */
class ValuesTest {
    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "tab\t", "umlaut-ü", "del\u007f"})
    void aSessionIdIsPrintableAsciiWithoutSpaces(String value) {
        IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, () -> new SessionId(value));

        assertTrue(value.isEmpty() || !String.valueOf(refusal.getMessage()).contains(value));
    }

    @Test
    void aSessionIdHasAtMost256Characters() {
        assertDoesNotThrow(() -> new SessionId("x".repeat(256)));
        assertThrows(IllegalArgumentException.class, () -> new SessionId("x".repeat(257)));
    }

    @Test
    void aSessionIdIsNeverPrinted() {
        assertFalse(new SessionId("secret").toString().contains("secret"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "a b", "ü", "a%"})
    void aStreamIdConsistsOfUnreservedCharacters(String value) {
        assertThrows(IllegalArgumentException.class, () -> new StreamId(value));
    }

    @ParameterizedTest
    @ValueSource(strings = {".", ".."})
    void aStreamIdIsNoStepInAPath(String value) {
        assertThrows(IllegalArgumentException.class, () -> new StreamId(value));
        assertDoesNotThrow(() -> new StreamId("a" + value));
        assertDoesNotThrow(() -> new StreamId("..."));
    }

    @Test
    void aStreamIdHasAtMost128Characters() {
        assertDoesNotThrow(() -> new StreamId("Az09._~-".repeat(16)));
        assertThrows(IllegalArgumentException.class, () -> new StreamId("x".repeat(129)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"\u0000", "a\nb", "\ud800", "\udc00a"})
    void anAttributeIsWellFormedText(String value) {
        IllegalArgumentException refusal = assertThrows(
                IllegalArgumentException.class, () -> new Attributes(Map.of(Attributes.DEVICE_NAME, value)));

        assertTrue(String.valueOf(refusal.getMessage()).contains(Attributes.DEVICE_NAME));
    }

    @Test
    void anAttributeIsKnownAndBounded() {
        assertDoesNotThrow(() -> new Attributes(Map.of(Attributes.PROFILE, "\ud83d\ude00".repeat(128))));
        assertThrows(IllegalArgumentException.class, () -> new Attributes(Map.of(Attributes.PROFILE, "x".repeat(257))));
        assertThrows(IllegalArgumentException.class, () -> new Attributes(Map.of("colour", "red")));
    }

    @Test
    void aStreamHasAtMostSixteenCustomAttributes() {
        Map<String, String> sixteen =
                IntStream.range(0, 16).boxed().collect(toMap(i -> Attributes.CUSTOM + i, i -> "x"));
        Map<String, String> seventeen =
                IntStream.range(0, 17).boxed().collect(toMap(i -> Attributes.CUSTOM + i, i -> "x"));

        assertDoesNotThrow(() -> new Attributes(sixteen));
        assertThrows(IllegalArgumentException.class, () -> new Attributes(seventeen));
    }

    @ParameterizedTest
    @ValueSource(strings = {"custom.", "custom.a b", "custom.a.b", "custom.ü", "customs"})
    void theNameOfACustomAttributeIsPlain(String name) {
        assertThrows(IllegalArgumentException.class, () -> new Attributes(Map.of(name, "x")));
    }

    @Test
    void aStreamDoesNotReplaceItself() {
        StreamId id = new StreamId("a");

        assertThrows(IllegalArgumentException.class, () -> new StreamRequest(id, Attributes.NONE, Set.of(id)));
    }

    @Test
    void aLeaseIsLongerThanTwoHeartbeats() {
        assertDoesNotThrow(() -> new Lease(Duration.ofMillis(2001), Duration.ofSeconds(1)));
        assertThrows(IllegalArgumentException.class, () -> new Lease(Duration.ofSeconds(2), Duration.ofSeconds(1)));
        assertThrows(IllegalArgumentException.class, () -> new Lease(Duration.ofSeconds(9), Duration.ofMillis(999)));
        assertThrows(IllegalArgumentException.class, () -> new Lease(Duration.ofHours(25), Duration.ofHours(1)));
    }

    @Test
    void aQuotaAdmitsOneToAHundred() {
        assertDoesNotThrow(() -> new StreamQuota("plan", 1));
        assertDoesNotThrow(() -> new StreamQuota("plan", 100));
        assertThrows(IllegalArgumentException.class, () -> new StreamQuota("plan", 0));
        assertThrows(IllegalArgumentException.class, () -> new StreamQuota("plan", 101));
    }
}
