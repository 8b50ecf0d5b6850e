package io.thezone.rest;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.gateway.testing.MapStore;
import io.thezone.rest.testing.HttpService;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What pages of listed, foreign and the same origin get, where browsers ask themselves. */
class PagesTest {
    private static final String LISTED = "https://www.example.com";
    private static final String FOREIGN = "https://evil.example";
    private static final int TRIES = 10_000;

    private static final List<String> ROUTES = List.of(
            "GET /watch",
            "HEAD /watch",
            "GET /streams",
            "POST /streams",
            "DELETE /streams",
            "PUT /streams/other",
            "DELETE /streams/playing",
            "DELETE /streams/playing?as=stopped",
            "POST /streams/playing/heartbeat",
            "POST /streams/playing/release",
            "POST /streams/playing/r%65lease/",
            "POST /streams;a=b",
            "OPTIONS /streams",
            "POST /cmcd",
            "POST /cmcd;a=b",
            "GET /w%61tch");

    private static RestService service;
    private static RestService withoutList;

    private final String session = "session-" + UUID.randomUUID();

    @BeforeAll
    static void start() throws Exception {
        service = RestService.forPages(Set.of(LISTED, "http://localhost:8080"), new MapStore());
        withoutList = RestService.over(new MapStore());
    }

    @AfterAll
    static void stop() {
        service.close();
        withoutList.close();
    }

    @Test
    void foreignOriginsAreRefusedOnEveryRouteByBothWaysAndChangeNothing() throws Exception {
        service.get("/watch", "Session-Id", session, "Stream-Id", "playing");
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        List<String> requests = new ArrayList<>();
        for (int i = 0; i < TRIES; i++) {
            String route = ROUTES.get(i % ROUTES.size());
            requests.add(route + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\nSession-Id: " + session
                    + "\r\nIdempotency-Key: k\r\nAccept: " + (random.nextBoolean() ? "*/*" : "*/*;q=0.9")
                    + "\r\nOrigin: " + foreign(random) + site(random) + "\r\n\r\n");
        }

        List<String> statuses = pipelined(requests);

        for (int i = 0; i < TRIES; i++) {
            String request = requests.get(i);
            assertEquals("HTTP/1.1 403 Forbidden", statuses.get(i), () -> request + " with the seed " + seed);
        }
        String streams = service.get("/streams", "Session-Id", session).body();
        assertTrue(streams.startsWith("{\"active\":1,") && streams.contains("\"playing\""), streams);
    }

    @ParameterizedTest
    @ValueSource(strings = {FOREIGN, "null", "", "https://www.example.com:443", "https://WWW.example.com", "*"})
    void aRefusalSaysWhyAndLetsNoScriptReadIt(String origin) throws Exception {
        HttpResponse<String> answer = service.send("POST", "/streams", "", "Session-Id", session, "Origin", origin);

        assertEquals(403, answer.statusCode());
        assertEquals("origin", HttpService.header(answer, "Stream-Reason"));
        assertTrue(answer.body().contains("\"urn:thezone:origin-refused\""), answer::body);
        assertEquals("", HttpService.header(answer, "Access-Control-Allow-Origin"));
    }

    @Test
    void ofSeveralOriginsAllMustBeListed() throws Exception {
        assertEquals(
                403,
                service.get("/streams", "Session-Id", session, "Origin", LISTED, "Origin", FOREIGN)
                        .statusCode());
        assertEquals(
                403,
                service.get("/streams", "Session-Id", session, "Origin", LISTED + " " + FOREIGN)
                        .statusCode());
    }

    @ParameterizedTest
    @CsvSource({"POST,/streams,201", "GET,/watch,200", "GET,/streams,200", "POST,/streams/never/heartbeat,410"})
    void aListedPageMayReadTheAnswer(String method, String path, int status) throws Exception {
        HttpResponse<String> answer = service.send(method, path, "", "Session-Id", session, "Origin", LISTED);

        assertEquals(status, answer.statusCode());
        assertEquals(LISTED, HttpService.header(answer, "Access-Control-Allow-Origin"));
        assertEquals("true", HttpService.header(answer, "Access-Control-Allow-Credentials"));
        assertEquals("Origin", HttpService.header(answer, "Vary"));
        assertEquals(
                Set.of("Stream-Id", "Retry-After"),
                Set.of(HttpService.header(answer, "Access-Control-Expose-Headers")
                        .split(",")));
    }

    @Test
    void aListedPageMayReadThatItsRequestWasWrong() throws Exception {
        for (String body : List.of("{", "x".repeat(17_000))) {
            HttpResponse<String> answer = service.send(
                    "POST", "/streams", body, "Session-Id", session, "Origin", LISTED, "Content-Type", "text/plain");

            assertTrue(Set.of(400, 413).contains(answer.statusCode()), answer::body);
            assertEquals(LISTED, HttpService.header(answer, "Access-Control-Allow-Origin"));
        }
    }

    @Test
    void aBrowserIsToldBeforehandWhatAListedPageMaySend() throws Exception {
        HttpResponse<String> answer =
                service.send("OPTIONS", "/streams/a", "", "Origin", LISTED, "Access-Control-Request-Method", "PUT");

        assertEquals(200, answer.statusCode());
        assertEquals(LISTED, HttpService.header(answer, "Access-Control-Allow-Origin"));
        assertEquals("true", HttpService.header(answer, "Access-Control-Allow-Credentials"));
        assertEquals(
                Set.of("GET", "HEAD", "POST", "PUT", "DELETE"),
                Set.of(HttpService.header(answer, "Access-Control-Allow-Methods")
                        .split(",")));
        assertEquals(
                Set.of("Content-Type", "Stream-Id", "Idempotency-Key"),
                Set.of(HttpService.header(answer, "Access-Control-Allow-Headers")
                        .split(",")));
    }

    @Test
    void aPageOfTheSameOriginNeedsNoList() throws Exception {
        for (RestService each : List.of(service, withoutList)) {
            HttpResponse<String> answer = each.send(
                    "POST", "/streams", "", "Session-Id", session, "Origin", FOREIGN, "Sec-Fetch-Site", "same-origin");

            assertEquals(201, answer.statusCode());
            assertEquals("", HttpService.header(answer, "Access-Control-Allow-Origin"));
        }
    }

    @Test
    void withoutAListWatchAnswersEveryOriginAndTheStreamsApiNone() throws Exception {
        assertEquals(
                200,
                withoutList
                        .get("/watch", "Session-Id", session, "Origin", FOREIGN)
                        .statusCode());
        assertEquals(
                403,
                withoutList
                        .get("/streams", "Session-Id", session, "Origin", FOREIGN)
                        .statusCode());
    }

    @Test
    void aQuestionOfAGatewayIsNeverRefusedForTheOriginOfTheViewer() throws Exception {
        assertEquals(
                200,
                service.get("/authorize/streams", "Session-Id", session, "Stream-Id", "one", "Origin", FOREIGN)
                        .statusCode());
        assertEquals(200, service.get("/health", "Origin", FOREIGN).statusCode());
    }

    @Test
    void theSessionIsRepeatedOnlyWhereTheConfigurationSaysSo() throws Exception {
        assertEquals("", HttpService.header(service.get("/watch", "Session-Id", session), "Session-Id"));
        assertEquals(session, HttpService.header(withoutList.get("/watch", "Session-Id", session), "Session-Id"));
    }

    /** Something that is no listed origin, but mostly looks like one. */
    private static String foreign(Random random) {
        String name = Integer.toString(random.nextInt(1 << 20), 36);
        return switch (random.nextInt(11)) {
            case 0 -> "null";
            case 1 -> "https://" + name + ".www.example.com";
            case 2 -> LISTED + "." + name + ".net";
            case 3 -> LISTED + ":" + (1 + random.nextInt(65_535));
            case 4 -> "http://www.example.com";
            case 5 -> "https://" + name + "@www.example.com";
            case 6 -> LISTED + "/" + name;
            case 7 -> LISTED + ", " + LISTED;
            case 8 -> "https://wwwXexample.com".replace('X', (char) ('a' + random.nextInt(26)));
            case 9 -> LISTED.toUpperCase(Locale.ROOT);
            default -> "https://" + name + ".example";
        };
    }

    private static String site(Random random) {
        List<String> sites = List.of("", "cross-site", "same-site", "none", "same-origin, same-origin", "Same-Origin");
        String site = sites.get(random.nextInt(sites.size()));
        return site.isEmpty() ? "" : "\r\nSec-Fetch-Site: " + site;
    }

    /** Sends all requests over one connection, without waiting for answers in between. */
    private static List<String> pipelined(List<String> requests) throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            CompletableFuture<Void> sent = CompletableFuture.runAsync(() -> {
                try {
                    socket.getOutputStream().write(String.join("", requests).getBytes(ISO_8859_1));
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                }
            });
            socket.setSoTimeout(10_000);
            BufferedReader answers = new BufferedReader(new InputStreamReader(socket.getInputStream(), ISO_8859_1));
            List<String> statuses = new ArrayList<>();
            while (statuses.size() < requests.size()) {
                String line = answers.readLine();
                if (line == null) {
                    throw new AssertionError("closed after " + statuses.size() + " answers");
                }
                // A body stands before the next status line, without a line break between them.
                int status = line.indexOf("HTTP/1.1 ");
                if (status >= 0) {
                    statuses.add(line.substring(status));
                }
            }
            sent.join();
            return statuses;
        }
    }
}
