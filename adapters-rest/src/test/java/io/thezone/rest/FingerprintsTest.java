package io.thezone.rest;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thezone.domain.Attributes;
import io.thezone.domain.Fingerprint;
import io.thezone.domain.StreamId;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FingerprintsTest {
    @Test
    void theOrderOfMembersMakesNoDifference() {
        Map<String, String> one = new LinkedHashMap<>();
        one.put(Attributes.PROFILE, "kids");
        one.put(Attributes.DEVICE_ID, "tv");
        Map<String, String> other = new LinkedHashMap<>();
        other.put(Attributes.DEVICE_ID, "tv");
        other.put(Attributes.PROFILE, "kids");

        assertEquals(of(one, "a", "b"), of(other, "b", "a"));
    }

    @Test
    void whatIsAskedForMakesADifference() {
        List<Fingerprint> different = List.of(
                of(Map.of()),
                of(Map.of(), "a"),
                of(Map.of(), "a", "b"),
                of(Map.of(), "ab"),
                of(Map.of(Attributes.PROFILE, "a")),
                of(Map.of(Attributes.LOCATION, "a")),
                of(Map.of(Attributes.PROFILE, "")),
                of(Map.of(Attributes.PROFILE, "a", Attributes.LOCATION, "b")),
                of(Map.of(Attributes.PROFILE, "b", Attributes.LOCATION, "a")),
                of(Map.of(Attributes.PROFILE, "a"), "b"));

        assertEquals(different.size(), Set.copyOf(different).size());
    }

    /** It is kept: another version must find the same. */
    @Test
    void aFingerprintStaysWhatItIs() {
        assertEquals(
                "AmIEhA-uVxTKDNFXA4oj5g",
                of(Map.of(Attributes.ASSET_TITLE, "Ünï 😀", Attributes.PROFILE, "kids"), "b", "a")
                        .value());
    }

    private static Fingerprint of(Map<String, String> attributes, String... replaces) {
        return Fingerprints.of(
                new Attributes(attributes),
                Stream.of(replaces).map(StreamId::new).collect(toSet()));
    }
}
