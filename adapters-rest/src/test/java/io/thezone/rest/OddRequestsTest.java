package io.thezone.rest;

import static io.thezone.rest.testing.HttpService.header;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import com.codahale.metrics.Meter;
import io.dropwizard.testing.ConfigOverride;
import io.thezone.gateway.testing.MapStore;
import io.thezone.rest.testing.Eventually;
import io.thezone.rest.testing.RawConnection;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** Unusual and malformed requests are answered like all others, and write nothing to the log. */
class OddRequestsTest {
    private static final String JSON = "application/json";
    private static final int LARGEST = 16 * 1024;

    private static RestService service;

    private final String session = "session-" + UUID.randomUUID();
    private final ListAppender<ILoggingEvent> log = new ListAppender<>();

    @BeforeAll
    static void start() throws Exception {
        service = RestService.over(
                new MapStore(),
                ConfigOverride.config("server.applicationConnectors[0].maxRequestHeaderSize", "5000B"),
                ConfigOverride.config("server.adminConnectors[0].maxRequestHeaderSize", "4000B"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @BeforeEach
    void readTheLog() {
        log.start();
        rootLogger().addAppender(log);
    }

    @AfterEach
    void theLogIsEmpty() {
        rootLogger().detachAppender(log);
        assertEquals(List.of(), log.list);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "text/html;q=abc",
                "image/png, */",
                "text/plain;q=0.12345",
                "application/json;q=1.5",
                "application/json, foo/bar/baz;;",
                ",,;"
            })
    void aMalformedAcceptIsIgnoredByWatchAndRefusedByStreams(String accept) throws Exception {
        HttpResponse<String> watched = service.get("/watch", "Session-Id", session, "Accept", accept);
        assertEquals("OK, you are now streaming content.", watched.body());
        assertEquals("no-store", header(watched, "Cache-Control"));

        assertEquals(
                "{\"status\":\"UP\"}", service.get("/health", "Accept", accept).body());

        HttpResponse<String> listed = service.get("/streams", "Session-Id", session, "Accept", accept);
        assertProblem(400, "Accept", listed);
    }

    @ParameterizedTest
    @CsvSource({"a, ", ";;, ", "application/json;=, ", "application/json, application/json"})
    void aMalformedContentTypeMattersOnlyWithABody(String type, String again) throws Exception {
        String[] headers = again == null
                ? new String[] {"Session-Id", session, "Content-Type", type}
                : new String[] {"Session-Id", session, "Content-Type", type, "Content-Type", again};

        assertEquals(200, service.get("/watch", headers).statusCode());
        assertEquals(201, service.send("POST", "/streams", "", headers).statusCode());
        assertProblem(415, "Content-Type", service.send("POST", "/streams", "{}", headers));
    }

    @ParameterizedTest
    @CsvSource({"Content-Length, 100, {", "Transfer-Encoding, chunked, '1\r\n{\r\n'"})
    void aTruncatedBodyIsRefused(String framing, String value, String bytes) throws Exception {
        try (RawConnection connection = raw("POST", "/streams", framing, value)) {
            assertProblem(400, "cut short", connection.send(bytes).cutShort().answer());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"zz\r\n", "1\r\n{\r\nzz\r\n"})
    void aMalformedChunkIsRefused(String bytes) throws Exception {
        try (RawConnection connection = raw("POST", "/streams", "Transfer-Encoding", "chunked")) {
            assertProblem(400, "chunks", connection.send(bytes).answer());
        }
    }

    /** Otherwise a proxy with another interpretation would see other requests in the same bytes (request smuggling). */
    @ParameterizedTest
    @ValueSource(strings = {"2\n{}\r\n0\r\n\r\n", "2;a=\"b\r\nc\"\r\n{}\r\n0\r\n\r\n", "2\r\n{}\n0\r\n\r\n"})
    void linesOfAChunkMustEndInCrLf(String bytes) throws Exception {
        try (RawConnection connection = raw("POST", "/streams", "Transfer-Encoding", "chunked")) {
            assertProblem(400, "chunks", connection.send(bytes).answer());
        }
    }

    @Test
    void aClientThatDisconnectsIsNoError() throws Exception {
        Meter refusals =
                service.environment().metrics().meter("io.dropwizard.jetty.MutableServletContextHandler.4xx-responses");
        long before = refusals.getCount();

        try (RawConnection connection = raw("POST", "/streams", "Content-Length", "100")) {
            connection.send("{").reset();
        }

        Eventually.within(Duration.ofSeconds(10), () -> refusals.getCount() > before, () -> "nothing was refused");
    }

    @ParameterizedTest
    @ValueSource(strings = {"\0\0\0{\u007f\u00ff\u00ff\u00ff", "{\"profile\":\"\u00c1\u00a1\"}", "\0\0\0{\0\0\0}"})
    void aBodyMustBeUtf8(String bytes) throws Exception {
        try (RawConnection connection = raw("POST", "/streams", "Content-Length", Integer.toString(bytes.length()))) {
            assertProblem(400, "the body is not valid", connection.send(bytes).answer());
        }
    }

    @ParameterizedTest
    @CsvSource({"POST, /streams", "PUT, /streams/one"})
    void aBodyHasAtMost16KiBInAnyNumberOfChunks(String method, String path) throws Exception {
        try (RawConnection connection = raw(method, path, "Transfer-Encoding", "chunked")) {
            String half = Integer.toHexString(LARGEST / 2) + "\r\n" + " ".repeat(LARGEST / 2) + "\r\n";

            assertProblem(
                    413,
                    "16384",
                    connection.send(half + half + "1\r\n \r\n0\r\n\r\n").answer());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /watch, 200",
        "POST, /watch, 405",
        "POST, /streams/one/heartbeat, 410",
        "DELETE, /streams/one, 204",
        "GET, /streams, 200",
        "GET, /health, 200",
        "GET, /openapi.yaml, 200",
        "GET, /nothing, 404"
    })
    void anUnneededBodyIsNotWaitedFor(String method, String path, int status) throws Exception {
        for (String framing : List.of(
                "Content-Length: 5",
                "Content-Length: 5000000",
                "Transfer-Encoding: chunked",
                "Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 5",
                "Expect: 100-continue\r\nContent-Length: 5")) {
            try (RawConnection connection = new RawConnection(service.port(), "GET", "/health")) {
                connection.answer();
                HttpResponse<String> answer = connection
                        .send(method + " " + path + " HTTP/1.1\r\nHost: a\r\nSession-Id: " + UUID.randomUUID() + "\r\n"
                                + framing + "\r\n\r\n")
                        .answer();

                assertEquals(status, answer.statusCode(), framing);
                assertEquals("close", header(answer, "Connection"), framing);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"GET, /watch", "POST, /streams/one/heartbeat", "DELETE, /streams/one", "GET, /streams"})
    void anUnneededBodyIsDiscardedIfItHasArrived(String method, String path) throws Exception {
        String head = method + " " + path + " HTTP/1.1\r\nHost: a\r\nSession-Id: " + session + "\r\n";
        for (String body : List.of(
                "Content-Length: 5\r\n\r\nhello", "Transfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n")) {
            try (RawConnection connection = new RawConnection(service.port(), "GET", "/health")) {
                connection.answer();
                assertEquals("", header(connection.send(head + body).answer(), "Connection"));
                assertEquals(200, connection.next("GET", "/health").answer().statusCode());
            }
        }
    }

    @Test
    void afterABodyThatIsTooLargeTheConnectionCanBeUsedAgain() throws Exception {
        String length = Integer.toString(LARGEST + 1);
        try (RawConnection connection = raw("POST", "/streams", "Content-Length", length)) {
            connection.send(" ".repeat(LARGEST));
            HttpResponse<String> answer = connection.send(" ").answer();

            assertProblem(413, "16384", answer);
            assertEquals("", header(answer, "Connection"));
            assertEquals(200, connection.next("GET", "/health").answer().statusCode());
        }
    }

    @Test
    void aBodyThatIsFarTooLargeIsAnsweredWithConnectionClose() throws Exception {
        try (RawConnection connection = raw("POST", "/streams", "Content-Length", "1048577")) {
            HttpResponse<String> answer = connection.send(" ").answer();

            assertProblem(413, "16384", answer);
            assertEquals("close", header(answer, "Connection"));
        }
    }

    @Test
    void aBodyOfExactly16KiBIsAccepted() throws Exception {
        String body = "{" + " ".repeat(LARGEST - 2) + "}";

        assertEquals(
                201,
                service.send("POST", "/streams", body, "Session-Id", session, "Content-Type", JSON)
                        .statusCode());
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "OPTIONS", "POST", "PUT", "DELETE", "PATCH"})
    void watchAllowsOnlyGet(String method) throws Exception {
        assertEquals("GET", header(service.send(method, "/watch", ""), "Allow"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "/%77atch",
                "/watch/",
                "/watch;a=b",
                "/./watch",
                "/streams/../watch",
                "/w%61tc%68/",
                "/watch/?a=b"
            })
    void watchHasEquivalentPaths(String path) throws Exception {
        for (String method : List.of("GET", "POST")) {
            HttpResponse<String> plain = service.send(method, "/watch", "");
            try (RawConnection connection = new RawConnection(service.port(), method, path)) {
                HttpResponse<String> other = connection.answer();

                assertEquals(plain.statusCode(), other.statusCode());
                assertEquals(plain.body(), other.body());
                assertEquals(header(plain, "Allow"), header(other, "Allow"));
                assertEquals("text/plain", header(other, "Content-Type"));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /%73treams, 200",
        "GET, /streams;a=b, 200",
        "GET, /openapi%2Eyaml, 200",
        "GET, /%68ealth, 200",
        "GET, /nothing/, 404",
        "GET, /watch%20, 404",
        "GET, /WATCH, 404",
        "POST, /streams/%61/heartbeat, 410",
        "POST, /streams/a;b/heartbeat, 410",
        "DELETE, /streams/%61/, 204",
    })
    void everyRouteHasEquivalentPaths(String method, String path, int status) throws Exception {
        try (RawConnection connection = new RawConnection(service.port(), method, path, "Session-Id", session)) {
            assertEquals(status, connection.answer().statusCode());
        }
    }

    /** As a proxy is asked; Host names the same. */
    @ParameterizedTest
    @CsvSource({
        "GET, http://127.0.0.1/watch, 200, text/plain",
        "GET, http://127.0.0.1/w%61tch/?a=b, 200, text/plain",
        "GET, http://127.0.0.1/streams, 200, application/json",
        "POST, http://127.0.0.1/streams/a/heartbeat, 410, application/problem+json",
        "GET, http://127.0.0.1, 404, application/problem+json",
        "GET, http://another/watch, 400, application/problem+json",
        "OPTIONS, *, 404, application/problem+json",
        "GET, *, 400, application/problem+json",
        "CONNECT, another:80, 400, application/problem+json",
        "CONNECT, 127.0.0.1:80, 405, application/problem+json",
        "CONNECT, /watch, 400, application/problem+json",
        "GET, http:///watch, 400, application/problem+json",
        "GET, watch, 400, application/problem+json",
    })
    void aTargetThatIsNoPathIsTheOneItNamesOrAProblem(String method, String target, int status, String type)
            throws Exception {
        try (RawConnection connection = new RawConnection(service.port(), method, target, "Session-Id", session)) {
            HttpResponse<String> answer = connection.answer();

            assertEquals(status, answer.statusCode(), answer::body);
            assertEquals(type, header(answer, "Content-Type"));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"//watch", "/watch//", "/watch%2F", "/%2e/watch", "/watch/..;/streams", "/watch%25", "/%00watch"
            })
    void anAmbiguousPathIsRefused(String path) throws Exception {
        try (RawConnection connection = new RawConnection(service.port(), "GET", path, "Session-Id", session)) {
            assertProblem(400, "two ways", connection.answer());
        }
    }

    @Test
    void headersThatAreTooLongAreRefusedWithTheConfiguredLimit() throws Exception {
        String[] tooLong = {"Session-Id", "x".repeat(6_000)};
        assertProblem(431, "5000 bytes", service.get("/watch", tooLong));
        assertProblem(431, "4000 bytes", service.admin("/ping", tooLong));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Session-Id", "Stream-Id", "Stream-Plan", "Stream-Limit", "Idempotency-Key"})
    void aHeaderWithTwoValuesIsRefused(String name) throws Exception {
        String[] headers = name.equals("Session-Id")
                ? new String[] {name, "a,b"}
                : new String[] {"Session-Id", session, name, "standard, standard"};

        assertProblem(400, name + " must be one value", service.send("POST", "/streams", "", headers));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{} {}",
                "{}]",
                "{",
                "{'a':1}",
                "{\"a\":nul}",
                "{\"profile\":\"a\",\"profile\":\"b\"}",
                "[]",
                "1",
                "\"a",
                "{\"device\":[]}",
                "{\"custom\":{\"a\":1e99999}}",
                "{\"replaces\":[{}]}",
            })
    void mistakesInABodyAreReportedWithoutNamesOfClasses(String body) throws Exception {
        HttpResponse<String> answer = post(body);

        assertProblem(400, "", answer);
        assertFalse(
                answer.body().matches("(?s).*(`|\\bcom\\.|java|Feature|Exception|Node|Source|START|END_).*"),
                answer::body);
    }

    @Test
    void aDeeplyNestedBodyOrALongNumberIsRefused() throws Exception {
        assertProblem(400, "not valid JSON", post("[".repeat(2_000)));
        assertProblem(400, "not valid JSON", post("{\"a\":" + "1".repeat(2_000) + "}"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"%s\":1}",
                "{\"device\":{\"%s\":\"\"}}",
                "{\"custom\":{\"%s\":1}}",
                "{\"a\":1,\"%1$s\":1,\"%1$s\":1}"
            })
    void aQuoteFromABodyIsShortAndPrintable(String body) throws Exception {
        HttpResponse<String> answer = post(String.format(body, "\u0085\u2028<b>" + "x".repeat(5_000)));

        assertProblem(400, "", answer);
        assertTrue(answer.body().length() < 400, answer::body);
        assertTrue(answer.body().chars().allMatch(c -> c == '…' || (c >= ' ' && c <= '~')), answer::body);
    }

    @ParameterizedTest
    @CsvSource({
        "/watch, 405",
        "/nothing, 404",
        "/streams, 400",
        "/streams/a, 405",
        "/health, 200",
        "//, 400",
        "/too-long, 431"
    })
    void anAnswerToHeadHasNoBody(String path, int status) throws Exception {
        assertNoBody(status, service.port(), path);
    }

    @ParameterizedTest
    @CsvSource({"/decisions/a, 404", "/nothing, 404", "/ping, 200", "/tasks/none, 404", "//, 400", "/too-long, 431"})
    void anAnswerToHeadOnTheAdminPortHasNoBody(String path, int status) throws Exception {
        assertNoBody(status, service.adminPort(), path);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/openapi.yaml", "/streams", "/health"})
    void anAnswerToHeadHasTheLengthOfThatToGet(String path) throws Exception {
        for (int i = 0; i < 3; i++) {
            assertEquals(
                    201,
                    post("{\"asset\":{\"title\":\"" + "x".repeat(200) + "\"}}").statusCode());
        }
        HttpResponse<String> whole = service.get(path, "Session-Id", session);

        try (RawConnection connection =
                new RawConnection(service.port(), "HEAD", path, "Session-Id", session, "Connection", "close")) {
            String answer = connection.untilItCloses();
            assertTrue(answer.contains("Content-Length: " + whole.body().getBytes(UTF_8).length + "\r\n"), answer);
            assertTrue(answer.endsWith("\r\n\r\n"), answer);
        }
    }

    private void assertNoBody(int status, int port, String path) throws IOException {
        String filling = path.equals("/too-long") ? "x".repeat(6_000) : "x";
        try (RawConnection connection =
                new RawConnection(port, "HEAD", path, "Connection", "close", "Filling", filling)) {
            String answer = connection.untilItCloses();

            assertTrue(answer.startsWith("HTTP/1.1 " + status), answer);
            assertTrue(answer.endsWith("\r\n\r\n"), answer);
        }
    }

    private HttpResponse<String> post(String body) throws Exception {
        return service.send("POST", "/streams", body, "Session-Id", session, "Content-Type", JSON);
    }

    @Test
    void aStreamMayHaveTheIdHeartbeat() throws Exception {
        HttpResponse<String> answer = service.send(
                "PUT", "/streams/heartbeat", "{\"profile\":1}", "Session-Id", session, "Content-Type", JSON);

        assertProblem(400, "profile must be a string", answer);
    }

    @Test
    void theAdminPortHandlesBodiesInTheSameWay() throws Exception {
        try (RawConnection connection = new RawConnection(
                service.adminPort(), "POST", "/tasks/gc", "Content-Length", Integer.toString(LARGEST + 1))) {
            assertProblem(413, "16384", connection.send(" ".repeat(LARGEST + 1)).answer());
        }
        try (RawConnection connection =
                new RawConnection(service.adminPort(), "GET", "/healthcheck", "Content-Length", "5")) {
            assertEquals(200, connection.answer().statusCode());
        }
    }

    private RawConnection raw(String method, String path, String framing, String value) throws IOException {
        return new RawConnection(
                service.port(), method, path, "Session-Id", session, "Content-Type", JSON, framing, value);
    }

    private static void assertProblem(int status, String part, HttpResponse<String> answer) {
        assertEquals(status, answer.statusCode());
        assertEquals("application/problem+json", header(answer, "Content-Type"));
        assertEquals("no-store", header(answer, "Cache-Control"));
        assertTrue(answer.body().contains(part), answer::body);
    }

    private static Logger rootLogger() {
        return (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
    }
}
