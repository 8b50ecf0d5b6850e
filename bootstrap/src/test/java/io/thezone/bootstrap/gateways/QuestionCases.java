package io.thezone.bootstrap.gateways;

import static io.thezone.rest.testing.HttpService.header;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.testing.ConfigOverride;
import io.thezone.bootstrap.support.RunningService;
import io.thezone.bootstrap.support.ServiceClient;
import io.thezone.rest.testing.RawConnection;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.yaml.snakeyaml.Yaml;

/** A gateway that cannot be run here: questions as it asks them with the shipped files, and what thezone answers. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class QuestionCases {
    private static final Path SHIPPED = Path.of("..", "deploy", "gateways");
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int SEGMENTS = 200;

    private final String gateway;
    private RunningService service;
    private RawConnection connection;
    private String session;

    QuestionCases(String gateway) {
        this.gateway = gateway;
    }

    /** The path that a player uses for an asset. */
    abstract String path(String player, String asset);

    /** The question about a request of a viewer; the gateway's files decide which of the headers it has. */
    abstract Question question(String method, String uri, List<Header> viewers) throws IOException;

    /** A header of a request. */
    record Header(String name, String value) {}

    /** What the gateway sends. */
    record Question(String method, String path, List<Header> headers) {
        String[] flat() {
            return headers.stream()
                    .flatMap(header -> List.of(header.name(), header.value()).stream())
                    .toArray(String[]::new);
        }
    }

    /** One of the shipped files. */
    final JsonNode file(String name) throws IOException {
        return parsed(text(name));
    }

    /** One of the shipped files, with a part in force that is marked by {@code #<part>}. */
    final JsonNode file(String name, String part) throws IOException {
        return parsed(text(name).replace("#" + part + " ", ""));
    }

    private String text(String name) throws IOException {
        return Files.readString(SHIPPED.resolve(gateway).resolve(name));
    }

    /** Resolves aliases, too. */
    private static JsonNode parsed(String yaml) {
        return JSON.valueToTree(new Yaml().<Object>load(yaml));
    }

    /** Those of the headers whose names are listed, in lower case. */
    static List<Header> only(Set<String> names, List<Header> headers) {
        return headers.stream()
                .filter(header -> names.contains(header.name().toLowerCase(Locale.ROOT)))
                .toList();
    }

    @BeforeAll
    void start() throws Exception {
        service = RunningService.over(
                SHIPPED.resolve(gateway).resolve("thezone.yml"),
                ConfigOverride.config("store.type", "memory"),
                ConfigOverride.config("cache.type", "none"));
        connection = new RawConnection(service.port(), "GET", "/health");
        assertEquals(200, connection.answer().statusCode());
    }

    @AfterAll
    void stop() throws IOException {
        connection.close();
        service.close();
    }

    @BeforeEach
    void newSession() {
        session = "session-" + UUID.randomUUID();
    }

    @Test
    void aPlayerOfAPlaylistWithAllItsSegmentsIsOneStream() throws Exception {
        String player = newPlayer();

        assertEquals("admitted", reason(ask("GET", path(player, "movie") + "main.m3u8")));
        for (int i = 0; i < SEGMENTS; i++) {
            assertEquals("renewed", reason(ask("GET", path(player, "movie") + "segment-" + i + ".ts?token=" + i)));
        }
        assertEquals(Set.of(player), streams());
    }

    @Test
    void theFourthPlayerIsDeniedAndTheOthersGoOn() throws Exception {
        List<String> playing = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            playing.add(path(newPlayer(), "movie") + "main.m3u8");
            assertEquals(200, ask("GET", playing.get(i)).statusCode());
        }

        HttpResponse<String> denied = ask("GET", path(newPlayer(), "movie") + "main.m3u8");

        assertEquals(403, denied.statusCode());
        assertEquals("full", reason(denied));
        assertTrue(Integer.parseInt(header(denied, "Retry-After")) > 0);
        for (String uri : playing) {
            assertEquals("renewed", reason(ask("GET", uri)));
        }
    }

    @Test
    void aStreamThatSomebodyElseEndedStaysEnded() throws Exception {
        String player = newPlayer();
        assertEquals("admitted", reason(ask("GET", path(player, "movie"))));
        assertEquals(
                204,
                service.send("DELETE", "/streams/" + player + "?as=stopped", "", "Session-Id", session)
                        .statusCode());

        HttpResponse<String> denied = ask("GET", path(player, "movie"));

        assertEquals(403, denied.statusCode());
        assertEquals("ended", reason(denied));
        assertEquals(Set.of(), streams());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"a=b", "sid=", "sid=-", "sid=(null)", "sid={http.request.cookie.sid}", "sid=a,b", "sid=a; sid=b"
            })
    void withoutAUsableSessionNothingIsAllowed(String cookies) throws Exception {
        HttpResponse<String> denied = asked("GET", path(newPlayer(), "movie"), List.of(new Header("Cookie", cookies)));

        assertEquals(401, denied.statusCode());
        assertEquals("Session realm=\"streams\"", header(denied, "WWW-Authenticate"));
        assertEquals(401, asked("GET", path(newPlayer(), "movie"), List.of()).statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "OPTIONS"})
    void aMethodBeforePlayingTakesNoSlot(String method) throws Exception {
        assertEquals("not-counted", reason(ask(method, path(newPlayer(), "movie"))));
        assertEquals(Set.of(), streams());
    }

    @Test
    void aPostIsDecidedWithoutItsBody() throws Exception {
        HttpResponse<String> answer = asked(
                "POST",
                path(newPlayer(), "movie") + "licence",
                List.of(new Header("Cookie", "sid=" + session), new Header("Content-Length", "1000")));

        assertEquals("admitted", reason(answer));
    }

    @Test
    void noHeaderOfAViewerChangesADecision() throws Exception {
        String victim = "victim-" + session;
        List<Header> headers = List.of(
                new Header("Cookie", "sid=" + session),
                new Header("Session-Id", victim),
                new Header("Stream-Id", "one"),
                new Header("Stream-Plan", "unknown"),
                new Header("Stream-Limit", "100"),
                new Header("Idempotency-Key", "one"),
                new Header("Asset-Id", "free"),
                new Header("Device-Id", "tv"),
                new Header("CMCD-Session", "sid=\"one\""),
                new Header("Viewer-Method", "HEAD"),
                new Header("Viewer-Uri", "/"),
                new Header("X-Original-Method", "HEAD"),
                new Header("X-Original-URI", "/"),
                new Header("X-Forwarded-Method", "HEAD"),
                new Header("X-Forwarded-Uri", "/"));
        for (int i = 0; i < 3; i++) {
            assertEquals("admitted", reason(asked("GET", path(newPlayer(), "movie"), headers)));
        }

        assertEquals("full", reason(asked("GET", path(newPlayer(), "movie"), headers)));
        assertEquals(3, streams().size());
        assertEquals(Set.of(), ServiceClient.streams(service.get("/streams", "Session-Id", victim)));
    }

    @Test
    void theAssetIsThatOfThePath() throws Exception {
        ask("GET", path(newPlayer(), "movie") + "main.m3u8");

        String streams = service.get("/streams", "Session-Id", session).body();
        assertTrue(streams.contains("\"asset\":{\"id\":\"movie\"}"), streams);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/", "/movie/main.m3u8", "/play/short/movie/1.ts", "/play/?sid=x", "/streams/x", "/%2e%2e/watch"
            })
    void aPathThatNamesNoPlayerIsDenied(String uri) throws Exception {
        assertEquals("no-stream-identity", reason(ask("GET", uri)));
        assertEquals(Set.of(), streams());
    }

    final HttpResponse<String> ask(String method, String uri) throws IOException {
        return asked(method, uri, List.of(new Header("Cookie", "a=b; sid=" + session)));
    }

    private HttpResponse<String> asked(String method, String uri, List<Header> viewers) throws IOException {
        Question question = question(method, uri, viewers);
        return connection
                .next(question.method(), question.path(), question.flat())
                .answer();
    }

    static String newPlayer() {
        return UUID.randomUUID().toString();
    }

    static String reason(HttpResponse<?> answer) {
        return header(answer, "Stream-Reason");
    }

    private Set<String> streams() throws Exception {
        return ServiceClient.streams(service.get("/streams", "Session-Id", session));
    }
}
