package io.thezone.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.domain.Attributes;
import io.thezone.domain.Restart;
import io.thezone.domain.SessionId;
import io.thezone.domain.StreamRequest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Who the viewer is and which stream is meant, as a gateway's question says. */
class IdentificationTest {
    private static final Duration PAUSE = Duration.ofSeconds(60);
    private static final SessionId SESSION = new SessionId("session");
    private static final DerivedStreamIds DERIVED = new DerivedStreamIds("secret");
    private static final Source IN_HEADER = new Source(Source.Kind.HEADER, "Stream-Id");
    private static final Source IN_COOKIE = new Source(Source.Kind.COOKIE, "player");
    private static final Source IN_GROUP = new Source(Source.Kind.GROUP, "player");
    private static final Source DEVICE = new Source(Source.Kind.HEADER, "Device");
    private static final Source ASSET = new Source(Source.Kind.GROUP, "asset");

    private final Identification identification = identification("", "", false);

    @Test
    void theFirstPlaceThatHasASessionCounts() {
        assertEquals("h", session("Session-Id: h", "Cookie: sid=c"));
        assertEquals("c", session("Session-Id: ", "Cookie: a=b;sid=c; sidecar=d"));
        assertEquals("c", session("Cookie: a=b", "Cookie: sid=\"c\""));
        assertEquals("c", session("Cookie: sid=c; sid=c"));
        assertEquals("\"", session("Cookie: sid=\""));
    }

    @Test
    void aSessionIsFoundInThePathButNotInTheQuery() {
        Identification inUri = new Identification(
                rules("", "", List.of(IN_GROUP), List.of(), Map.of(), false),
                DERIVED,
                new PlaceholderLog(System::nanoTime));

        assertEquals("s", inUri.session(new Question("GET", "/movie/p/s?x")).value());
        DeniedException denied =
                assertThrows(DeniedException.class, () -> inUri.session(new Question("GET", "/movie?/p/s")));
        assertEquals(Reason.NO_SESSION, denied.reason());
    }

    @ParameterizedTest
    @CsvSource({
        "Other: x,                    no-session,       the request has no session",
        "Cookie: sid=,                no-session,       the request has no session",
        "Cookie: sid=a; sid=b,        unusable-session, the cookie sid has two session ids",
        "Session-Id: (null),          unusable-session, the header Session-Id has a placeholder that the gateway did not"
                + " fill in",
        "Session-Id: a b,             unusable-session, the session id must be printable ASCII without spaces and commas;"
                + " the character at position 2 is not",
    })
    void withoutAUsableSessionItSaysWhy(String header, String reason, String detail) {
        DeniedException denied = assertThrows(DeniedException.class, () -> session(header));

        assertEquals(reason + ": " + detail, denied.reason().word() + ": " + denied.detail());
    }

    @Test
    void theFirstPlaceThatHasAStreamIdCounts() {
        assertEquals(
                "h",
                stream("/movie/p/g/1.ts", "Stream-Id: h", "Cookie: player=c")
                        .id()
                        .value());
        assertEquals(
                "c",
                stream("/movie/p/g/1.ts", "Stream-Id: -", "Cookie: player=c")
                        .id()
                        .value());
        assertEquals("g", stream("/movie/p/g/1.ts").id().value());
    }

    @Test
    void onlyAnIdThatIsNotThePlayersOwnComesBackAfterItWasEnded() {
        assertEquals(new Restart(PAUSE, false), stream("", "Stream-Id: h").restart());
        assertEquals(new Restart(PAUSE, true), stream("", "Cookie: player=c").restart());
        assertEquals(new Restart(PAUSE, true), stream("", "Device: tv").restart());
    }

    @Test
    void withoutAStreamIdItIsDerivedFromDeviceAndAsset() {
        assertEquals(
                DERIVED.ofDevice(SESSION, "tv", "movie"),
                stream("/movie/", "Device: tv").id());
        assertEquals(
                DERIVED.ofDevice(SESSION, "tv", ""), stream("/", "Device: tv").id());
    }

    @Test
    void attributesAreDecodedSoThatAnAssetHasOneSpelling() {
        Attributes attributes = stream("/a%2Bb+%C3%A9%20c/", "Device: tv").attributes();

        assertEquals(Map.of(Attributes.DEVICE_ID, "tv", Attributes.ASSET_ID, "a+b+é c"), attributes.values());
    }

    @ParameterizedTest
    @ValueSource(strings = {"Device: ", "Device: -", "Device:  ", "Device: unknown", "Other: tv"})
    void withoutStreamAndDeviceTheRequestIsDenied(String header) {
        assertEquals(Reason.NO_STREAM_IDENTITY, denial("/movie/", header).reason());
    }

    @Test
    void orItStartsANewStreamIfTheRulesSaySo() {
        Identification starting = identification("", "", true);

        StreamRequest request = starting.stream(new Question("GET", "/movie/"), SESSION);

        assertNotEquals(starting.stream(new Question("GET", "/movie/"), SESSION).id(), request.id());
        assertEquals(Restart.OF_OWN_ID, request.restart());
    }

    @ParameterizedTest
    @CsvSource({
        "Stream-Id: a/b,                   must consist of A-Z a-z 0-9 . _ ~ -; the character at position 2 does not",
        "Cookie: player=a; player=b,       the cookie player has two values",
    })
    void anUnusableValueIsDenied(String header, String detail) {
        DeniedException denied = denial("", header);

        assertEquals(Reason.UNUSABLE_VALUE, denied.reason());
        assertEquals(detail, denied.detail());
    }

    @Test
    void whatCannotBeDecodedIsNoValue() {
        assertEquals(Reason.NO_STREAM_IDENTITY, denial("/movie/p/%zz/1.ts").reason());
    }

    @ParameterizedTest
    @CsvSource({"GET, false", "POST, false", "HEAD, true", "OPTIONS, true"})
    void headAndOptionsAreNotCounted(String method, boolean uncounted) {
        assertEquals(uncounted, identification.isUncounted(new Question(method, "")));
    }

    @Test
    void methodAndUriAreReadOnlyFromTheHeadersThatTheRulesName() {
        Question question = new Question(
                "GET", "/x", "Viewer-Method: HEAD", "Viewer-Uri: /movie/p/g/1.ts", "X-Original-Method: POST");
        assertFalse(identification.isUncounted(question));
        assertThrows(DeniedException.class, () -> identification.stream(question, SESSION));

        Identification named = identification("Viewer-Method", "Viewer-Uri", false);
        assertTrue(named.isUncounted(question));
        assertEquals("g", named.stream(question, SESSION).id().value());
        assertTrue(named.isUncounted(new Question("HEAD", "")), "without the header the question's own method counts");
        assertThrows(
                DeniedException.class,
                () -> named.stream(new Question("GET", "/movie/p/g/1.ts"), SESSION),
                "without the header there is no URI");
        assertEquals(
                "the URI was sent twice",
                assertThrows(
                                DeniedException.class,
                                () -> named.stream(
                                        new Question("GET", "", "Viewer-Uri: /a", "Viewer-Uri: /b"), SESSION))
                        .detail());
    }

    @Test
    void wrongRulesAreRefused() {
        assertEquals(
                "session must have a place, and each must be a header, cookie or group",
                assertThrows(IllegalArgumentException.class, () -> rules("", "", List.of(), List.of(), Map.of(), false))
                        .getMessage());
        for (Source.Kind kind : List.of(Source.Kind.QUERY, Source.Kind.CMCD)) {
            List<Source> session = List.of(IN_HEADER, new Source(kind, "sid"));
            assertThrows(IllegalArgumentException.class, () -> rules("", "", session, List.of(), Map.of(), false));
        }
        assertEquals(
                "no pattern has a group named other",
                assertThrows(
                                IllegalArgumentException.class,
                                () -> rules(
                                        "",
                                        "",
                                        List.of(IN_HEADER),
                                        List.of(new Source(Source.Kind.GROUP, "other")),
                                        Map.of(),
                                        false))
                        .getMessage());
        IllegalArgumentException unknown = assertThrows(
                IllegalArgumentException.class,
                () -> rules("", "", List.of(IN_HEADER), List.of(), Map.of("device.idd", List.of()), false));
        assertTrue(String.valueOf(unknown.getMessage()).startsWith("device.idd is not known"));
        assertEquals(
                "the pattern ( is wrong: missing closing )",
                assertThrows(IllegalArgumentException.class, () -> IdentityRules.pattern("("))
                        .getMessage());
    }

    private String session(String... headers) {
        return identification.session(new Question("GET", "", headers)).value();
    }

    private StreamRequest stream(String target, String... headers) {
        return identification.stream(new Question("GET", target, headers), SESSION);
    }

    private DeniedException denial(String target, String... headers) {
        return assertThrows(DeniedException.class, () -> stream(target, headers));
    }

    private static Identification identification(String methodHeader, String uriHeader, boolean newStreams) {
        return new Identification(
                rules(
                        methodHeader,
                        uriHeader,
                        List.of(new Source(Source.Kind.HEADER, "Session-Id"), new Source(Source.Kind.COOKIE, "sid")),
                        List.of(IN_HEADER, IN_COOKIE, IN_GROUP),
                        Map.of(Attributes.DEVICE_ID, List.of(DEVICE), Attributes.ASSET_ID, List.of(ASSET)),
                        newStreams),
                DERIVED,
                new PlaceholderLog(System::nanoTime));
    }

    private static IdentityRules rules(
            String methodHeader,
            String uriHeader,
            List<Source> session,
            List<Source> stream,
            Map<String, List<Source>> attributes,
            boolean newStreams) {
        return new IdentityRules(
                methodHeader,
                uriHeader,
                List.of(IdentityRules.pattern("/p/(?P<player>[^/?]+)"), IdentityRules.pattern("^/(?P<asset>[^/?]*)")),
                session,
                stream,
                attributes,
                newStreams,
                PAUSE);
    }
}
