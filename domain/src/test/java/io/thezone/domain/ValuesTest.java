package io.thezone.domain;

import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
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
    void aRefusedIdNamesThePositionOrTheLengthThatIsWrong() {
        assertEquals(
                "must be printable ASCII without spaces and commas; the character at position 3 is not",
                refusal(() -> new SessionId("ab,c")));
        assertEquals("must have 1 to 4096 characters, not 0", refusal(() -> new SessionId("")));
        assertEquals(
                "must consist of A-Z a-z 0-9 . _ ~ -; the character at position 3 does not",
                refusal(() -> new StreamId("ab/c")));
        assertEquals("must have 1 to 128 characters, not 129", refusal(() -> new StreamId("x".repeat(129))));
        assertEquals("must not be . or .., which no path can name", refusal(() -> new StreamId("..")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"!", "~", "+", "-", "\"", "a=b;c"})
    void aSessionIdMayHaveAllOtherPrintableCharacters(String value) {
        assertEquals(value, new SessionId(value).value());
    }

    @Test
    void printableAsciiIsFromTheSpaceToTheTilde() {
        assertEquals(
                IntStream.rangeClosed(0x20, 0x7e).boxed().toList(),
                IntStream.range(0, 0x100).filter(PrintableAscii::is).boxed().toList());
    }

    @Test
    void aSessionIdHasAtMost4096Characters() {
        assertDoesNotThrow(() -> new SessionId("x".repeat(4096)));
        assertThrows(IllegalArgumentException.class, () -> new SessionId("x".repeat(4097)));
    }

    @Test
    void aSessionIdIsNeverPrinted() {
        assertEquals("SessionId[hidden]", new SessionId("secret").toString());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a/b", "a b", "ü", "a%"})
    void aStreamIdConsistsOfUnreservedCharacters(String value) {
        assertThrows(IllegalArgumentException.class, () -> new StreamId(value));
    }

    @ParameterizedTest
    @ValueSource(strings = {"@", "[", "`", "{", ":", "a,b"})
    void aStreamIdHasNoCharactersNextToThose(String value) {
        assertThrows(IllegalArgumentException.class, () -> new StreamId(value));
        assertThrows(IllegalArgumentException.class, () -> new Attributes(Map.of(Attributes.CUSTOM + value, "x")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"a", "z", "A", "Z", "0", "9", "-", "_"})
    void lettersDigitsHyphensAndUnderscoresNameStreamsAndCustomAttributes(String value) {
        assertEquals(value, new StreamId(value).toString());
        assertEquals(
                Optional.of("x"),
                new Attributes(Map.of(Attributes.CUSTOM + value, "x")).get(Attributes.CUSTOM + value));
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
        Map<String, String> andProfile = new HashMap<>(sixteen);
        andProfile.put(Attributes.PROFILE, "kids");
        assertDoesNotThrow(() -> new Attributes(andProfile), "other attributes do not count");
        assertThrows(IllegalArgumentException.class, () -> new Attributes(seventeen));
    }

    @ParameterizedTest
    @ValueSource(strings = {"custom.", "custom.a b", "custom.a.b", "custom.ü", "customs"})
    void theNameOfACustomAttributeIsPlain(String name) {
        assertThrows(IllegalArgumentException.class, () -> new Attributes(Map.of(name, "x")));
    }

    @Test
    void theNameOfACustomAttributeHasAtMost64CharactersAfterItsPrefix() {
        assertDoesNotThrow(() -> new Attributes(Map.of(Attributes.CUSTOM + "x".repeat(64), "")));
        assertEquals(
                "the name of a custom attribute must have 1 to 64 of A-Z a-z 0-9 _ -",
                refusal(() -> new Attributes(Map.of(Attributes.CUSTOM + "x".repeat(65), ""))));
    }

    @Test
    void aRefusedAttributeSaysWhatIsWrong() {
        assertEquals(
                "colour is not known; known are device.id, device.type, device.name, asset.id, asset.type, asset.title,"
                        + " asset.channel, profile, location and custom.…",
                refusal(() -> new Attributes(Map.of("colour", "red"))));
        assertEquals(
                "profile must have at most 256 characters, not 257",
                refusal(() -> new Attributes(Map.of(Attributes.PROFILE, "x".repeat(257)))));
        assertEquals(
                "profile must have no control characters",
                refusal(() -> new Attributes(Map.of(Attributes.PROFILE, "ab\n"))));
        assertEquals(
                "profile must have no lone surrogates",
                refusal(() -> new Attributes(Map.of(Attributes.PROFILE, "\udfff"))));
        assertDoesNotThrow(() -> new Attributes(Map.of(Attributes.PROFILE, "\ud7ff\ue000")));
    }

    @Test
    void attributesStandInTheOrderOfTheirNames() {
        Attributes attributes =
                new Attributes(Map.of("profile", "kids", "custom.a", "x", "asset.id", "film", "device.id", "tv"));

        assertEquals(
                List.of("asset.id", "custom.a", "device.id", "profile"),
                List.copyOf(attributes.values().keySet()));
        assertEquals(
                List.of("custom.a", "profile"),
                List.copyOf(attributes
                        .only(List.of("profile", "custom.a", "location"))
                        .values()
                        .keySet()));
        assertSame(Attributes.NONE, attributes.only(List.of("location")));
    }

    @Test
    void aMissingOrBlankAttributeIsUnknown() {
        Attributes blank = new Attributes(Map.of(Attributes.PROFILE, " ", Attributes.DEVICE_ID, "tv"));

        assertEquals("unknown", blank.valueOf(Attributes.PROFILE));
        assertEquals("unknown", blank.valueOf(Attributes.ASSET_ID));
        assertEquals("tv", blank.valueOf(Attributes.DEVICE_ID));
        assertTrue(blank.lacks(Attributes.PROFILE) && blank.lacks(Attributes.ASSET_ID));
        assertFalse(blank.lacks(Attributes.DEVICE_ID));
    }

    @Test
    void aFingerprintHasOneTo64PlainCharacters() {
        assertEquals("aZ09_-", new Fingerprint("aZ09_-").value());
        assertDoesNotThrow(() -> new Fingerprint("x".repeat(64)));
        for (String wrong : List.of("", "a b", "x".repeat(65))) {
            assertEquals("a fingerprint must have 1 to 64 of A-Z a-z 0-9 _ -", refusal(() -> new Fingerprint(wrong)));
        }
    }

    @Test
    void aStreamStartsAndIsSeenAndExpiresInThisOrder() {
        StreamId id = new StreamId("a");
        Instant noon = Instant.parse("2026-01-01T12:00:00Z");

        assertDoesNotThrow(() -> new Stream(id, Attributes.NONE, noon, noon, noon.plusNanos(1)));
        assertEquals(
                "a stream starts, is seen and expires, in this order",
                refusal(() -> new Stream(id, Attributes.NONE, noon, noon.minusNanos(1), noon.plusSeconds(1))));
        assertThrows(IllegalArgumentException.class, () -> new Stream(id, Attributes.NONE, noon, noon, noon));
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
        assertDoesNotThrow(() -> new Lease(Duration.ofHours(24), Duration.ofHours(1)));
    }

    @Test
    void aQuotaAdmitsOneToAHundred() {
        assertDoesNotThrow(() -> new StreamQuota("plan", 1));
        assertDoesNotThrow(() -> new StreamQuota("plan", 100));
        assertThrows(IllegalArgumentException.class, () -> new StreamQuota("plan", 0));
        assertThrows(IllegalArgumentException.class, () -> new StreamQuota("plan", 101));
    }

    private static String refusal(Executable constructor) {
        return String.valueOf(
                assertThrows(IllegalArgumentException.class, constructor).getMessage());
    }
}
