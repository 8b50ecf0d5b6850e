package io.thezone.bootstrap.gateways;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Traefik asks by GET, and says method and URI of a viewer in headers. */
class TraefikFilesTest extends QuestionCases {
    private JsonNode traefik;
    private JsonNode routes;
    private JsonNode forwardAuth;

    TraefikFilesTest() {
        super("traefik");
    }

    @BeforeAll
    void read() throws IOException {
        traefik = file("traefik.yml");
        routes = file("routes.yml").get("http");
        forwardAuth = routes.at("/middlewares/ask/forwardAuth");
    }

    @Override
    String path(String player, String asset) {
        return "/play/" + player + "/" + asset + "/";
    }

    @Override
    Question question(String method, String uri, List<Header> viewers) {
        Set<String> allowed = StreamSupport.stream(
                        forwardAuth.get("authRequestHeaders").spliterator(), false)
                .map(name -> name.asText().toLowerCase(Locale.ROOT))
                .collect(Collectors.toSet());
        List<Header> headers = new ArrayList<>(only(allowed, viewers));
        headers.addAll(List.of(
                new Header("X-Forwarded-For", "192.0.2.1, 127.0.0.1"),
                new Header("X-Forwarded-Host", "video.example.com"),
                new Header("X-Forwarded-Method", method),
                new Header("X-Forwarded-Port", "443"),
                new Header("X-Forwarded-Proto", "https"),
                new Header("X-Forwarded-Server", "gateway"),
                new Header("X-Forwarded-Uri", uri),
                new Header("X-Real-Ip", "127.0.0.1")));
        return new Question("GET", "/authorize", headers);
    }

    @Test
    void thezoneIsAskedBeforeARequestIsChangedAndAfterAPreflightIsAnswered() {
        assertEquals(
                "[\"cors\",\"ask\",\"without-cookie\",\"without-player\"]",
                routes.at("/routers/play/middlewares").toString());
    }

    @Test
    void onlyThePlayersPathsLeadToTheOriginAndThezoneKnowsThem() throws Exception {
        assertEquals(Set.of("play", "question"), Set.copyOf(names(routes.get("routers"))));
        String pattern =
                file("thezone.yml").at("/authorize/patterns/0").asText().replaceAll("\\(\\?P<\\w+>([^)]+)\\)", "$1");
        String rule = routes.at("/routers/play/rule").asText();
        assertTrue(
                pattern.startsWith(rule.replaceAll("^PathRegexp\\(`|`\\).*$", "")),
                () -> rule + " is not in " + pattern);
        assertTrue(rule.endsWith(" && !PathRegexp(`/\\.\\.?(;|%3[Bb])`)"), rule);
        assertEquals("thezone", routes.at("/routers/question/service").asText());
        assertEquals(
                "[\"questions\"]", routes.at("/routers/question/entryPoints").toString());
    }

    @Test
    void aQuestionPassesTraefikOnceMoreWhichWaitsForThreeSeconds() {
        assertEquals(
                "http://" + traefik.at("/entryPoints/questions/address").asText() + "/authorize",
                forwardAuth.get("address").asText());
        assertEquals("Path(`/authorize`)", routes.at("/routers/question/rule").asText());
        String transport =
                routes.at("/services/thezone/loadBalancer/serversTransport").asText();
        assertEquals(
                "3s",
                routes.at("/serversTransports/" + transport + "/forwardingTimeouts/responseHeaderTimeout")
                        .asText());
    }

    @Test
    void methodAndUriAreThoseThatTraefikSetsItself() throws Exception {
        assertFalse(forwardAuth.get("trustForwardHeader").asBoolean(true));
        assertFalse(traefik.at("/entryPoints/viewers").has("forwardedHeaders"));
        assertTrue(traefik.at("/entryPoints/questions/address").asText().startsWith("127.0.0.1:"));
        assertEquals(
                "[\"127.0.0.1/32\"]",
                traefik.at("/entryPoints/questions/forwardedHeaders/trustedIPs").toString());
        JsonNode authorize = file("thezone.yml").get("authorize");
        assertEquals("X-Forwarded-Method", authorize.get("methodHeader").asText());
        assertEquals("X-Forwarded-Uri", authorize.get("uriHeader").asText());
    }

    @Test
    void onlyTheCookieOfAViewerDecides() {
        assertEquals(
                "[\"Cookie\",\"Accept\"]", forwardAuth.get("authRequestHeaders").toString());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"..%2Fseries/1.ts", "%2e%2e/series/1.ts", "..%5cseries/1.ts", "a%00/1.ts", "..\\series/1.ts"})
    void aPathThatTheOriginMightTakeForAnotherOneIsDenied(String below) throws Exception {
        assertEquals("no-stream-identity", reason(ask("GET", path(newPlayer(), "movie") + below)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1.ts", "a%20b/1.ts?x=..%2F", "%C3%A4.ts", "%61%3Bb.ts"})
    void otherSpellingsAreDecided(String below) throws Exception {
        assertEquals("admitted", reason(ask("GET", path(newPlayer(), "movie") + below)));
    }

    private static List<String> names(JsonNode mapping) {
        List<String> names = new ArrayList<>();
        mapping.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
