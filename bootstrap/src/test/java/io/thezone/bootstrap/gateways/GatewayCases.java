package io.thezone.bootstrap.gateways;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.thezone.bootstrap.support.DatabaseServer;
import io.thezone.bootstrap.support.ServiceProcess;
import io.thezone.rest.testing.Eventually;
import io.thezone.rest.testing.RawConnection;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.WebSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Viewers behind a gateway with the shipped files, in front of the service and an origin. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class GatewayCases {
    private static final Pattern ACTIVE = Pattern.compile("\"active\":(\\d+)");

    private static final String FORGED = "somebody-else";

    private static final Duration RECOVERY = Duration.ofSeconds(10);

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final Gateway.Shipped shipped;
    private final Deque<AutoCloseable> opened = new ArrayDeque<>();
    private Path directory;
    private Path settings;
    private Origin origin;
    private DatabaseServer database;
    private ServiceProcess service;
    private Gateway gateway;
    private String session;

    GatewayCases(Gateway.Shipped shipped) {
        this.shipped = shipped;
    }

    /** Gateways have statuses of their own for headers that are too long. */
    int statusOfLongHeaders() {
        return 400;
    }

    /** The type of that answer. */
    String typeOfLongHeaders() {
        return "application/json";
    }

    /** The status of an answer to a POST whose head does not say how long its body is. */
    int statusOfUnknownLength() {
        return 200;
    }

    /** Whether it makes one path of all spellings, decides on that and serves it. Others refuse unusual spellings with a 400. */
    boolean normalizesPaths() {
        return true;
    }

    /** What has to be replaced for answers to be cached for a second, beside thezone's setting. */
    Map<String, String> cachedForASecond() {
        return Map.of();
    }

    /** Whether it makes a connection to the origin transparent if the origin answers 101, and only then. */
    boolean passesWebsockets() {
        return true;
    }

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        directory = temporary;
        // Gateways that root starts read their files as another user.
        assertTrue(directory.toFile().setExecutable(true, false));
        origin = opened(new Origin());
        database = opened(new DatabaseServer(temporary.resolve("cluster")));
        // Answers may be cached for a second; only the case of the cache has a gateway that does it.
        settings = Files.writeString(
                temporary.resolve("thezone.yml"),
                shipped.text("thezone.yml", Set.of("cache")).replace("maxAge: 10s", "maxAge: 1s"));
        service = service("0");
        gateway = opened(gateway(service.applicationPort(), origin.port()));
    }

    @AfterAll
    void stop() throws Exception {
        while (!opened.isEmpty()) {
            opened.pop().close();
        }
        service.close();
    }

    @BeforeEach
    void newSession() {
        session = "session-" + UUID.randomUUID();
    }

    @Test
    void aPlayerOfAPlaylistWithAllItsSegmentsIsOneStream() throws Exception {
        String playlist = player("movie");

        HttpResponse<String> answer = get(playlist);
        assertEquals(200, answer.statusCode(), gateway::log);
        List<String> segments =
                answer.body().lines().filter(line -> !line.startsWith("#")).toList();
        assertEquals(Origin.SEGMENTS, segments.size());
        for (String segment : segments) {
            HttpResponse<String> part = get(playlist.replace("main.m3u8", segment));
            assertEquals(200, part.statusCode(), part::body);
            assertEquals(Origin.SEGMENT_BYTES, part.body().length());
        }
        assertEquals(1, active());
        assertTrue(origin.heard.stream().noneMatch(value -> value.contains(session)), "the origin sees the session");
    }

    @Test
    void theFourthPlayerIsDeniedWithTheReasonAndTheOthersGoOn() throws Exception {
        List<String> players = List.of(player("one"), player("two"), player("three"));
        for (String playing : players) {
            assertEquals(200, get(playing).statusCode());
        }

        HttpResponse<String> denied = get(player("four"));

        assertEquals(403, denied.statusCode());
        assertEquals("full", header(denied, "Stream-Reason"));
        assertEquals("application/json", header(denied, "Content-Type"));
        assertTrue(Integer.parseInt(header(denied, "Retry-After")) > 0);
        assertEquals("{\"reason\":\"full\",\"text\":\"All streams of this account are in use.\"}", denied.body());
        for (String playing : players) {
            assertEquals(200, get(playing).statusCode());
        }
        assertEquals(3, active());
    }

    @Test
    void aStreamThatSomebodyElseEndedSaysSo() throws Exception {
        String playing = player("movie");
        assertEquals(200, get(playing).statusCode());
        stopAll();

        HttpResponse<String> denied = get(playing);

        assertEquals(403, denied.statusCode());
        assertEquals("{\"reason\":\"ended\",\"text\":\"This stream was ended.\"}", denied.body());
        assertEquals(0, active());
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "(null)", "{http.request.cookie.sid}", "-", "a,b"})
    void withoutAUsableSessionAViewerIsToldToSignIn(String cookie) throws Exception {
        String playing = player("movie");

        HttpResponse<String> answer = send("GET", playing, "Cookie", "sid=" + cookie);

        assertEquals(401, answer.statusCode());
        assertTrue(answer.body().contains("Please sign in"), answer::body);
        assertEquals("Session realm=\"streams\"", header(answer, "WWW-Authenticate"));
        assertEquals(401, send("GET", playing).statusCode(), "no cookie at all");
    }

    @Test
    void aLongSessionBetweenManyCookiesIsUsable() throws Exception {
        String cookies = "a=" + "x".repeat(8_000) + "; sid=" + session + "y".repeat(3_000) + "; b=" + "z".repeat(9_000);

        assertEquals(200, send("GET", player("movie"), "Cookie", cookies).statusCode());
    }

    @Test
    void headAndPreflightTakeNoSlotAndPostDoes() throws Exception {
        assertEquals(
                200, send("HEAD", player("movie"), "Cookie", "sid=" + session).statusCode());
        assertEquals(204, send("OPTIONS", player("movie")).statusCode());
        assertEquals(0, active());

        HttpResponse<String> posted = CLIENT.send(
                request(player("movie"), "Cookie", "sid=" + session)
                        .POST(BodyPublishers.ofString("licence please"))
                        .build(),
                BodyHandlers.ofString());
        assertEquals(200, posted.statusCode());
        assertEquals("licence please", posted.body());
        assertEquals(1, active());
    }

    @Test
    void aBodyOfUnknownLengthIsNoRequestOfItsOwn() throws Exception {
        byte[] request = "GET /other/1.ts HTTP/1.1\r\nHost: a\r\n\r\n".getBytes(ISO_8859_1);
        HttpRequest.Builder posting = request(player("movie"), "Cookie", "sid=" + session);
        origin.assets.clear();

        HttpResponse<String> posted = CLIENT.send(
                posting.POST(BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(request)))
                        .build(),
                BodyHandlers.ofString());

        assertEquals(statusOfUnknownLength(), posted.statusCode());
        assertEquals(posted.statusCode() == 200 ? List.of("movie") : List.of(), List.copyOf(origin.assets));
    }

    @Test
    void aGetWithABodyIsAnswered() throws Exception {
        HttpResponse<String> answer = CLIENT.send(
                request(player("movie"), "Cookie", "sid=" + session)
                        .method("GET", BodyPublishers.ofString("licence please"))
                        .timeout(Duration.ofSeconds(5))
                        .build(),
                BodyHandlers.ofString());

        assertEquals(200, answer.statusCode());
        assertEquals(1, active());
    }

    /** As another proxy may send them. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void ofTwoLinesOfCookiesOnlyTheSessionIsOne(boolean first) throws Exception {
        String other = "other-" + session + "=1";
        List<String> lines = List.of("Cookie: sid=" + session, "Cookie: " + other);

        String answer = raw(
                "GET " + player("movie") + " HTTP/1.1",
                "Host: a",
                "Connection: close",
                lines.get(first ? 0 : 1),
                lines.get(first ? 1 : 0));

        assertTrue(answer.startsWith("HTTP/1.1 200") || answer.startsWith("HTTP/1.1 401"), answer);
        assertEquals(0, active(other));
    }

    @Test
    void rangesAndUnchangedSegmentsAreServed() throws Exception {
        String segment = player("movie").replace("main.m3u8", "segment-1.ts");

        HttpResponse<String> range = send("GET", segment, "Cookie", "sid=" + session, "Range", "bytes=0-99");
        assertEquals(206, range.statusCode());
        assertEquals(100, range.body().length());
        HttpResponse<String> unchanged =
                send("GET", segment, "Cookie", "sid=" + session, "If-None-Match", Origin.VERSION);
        assertEquals(304, unchanged.statusCode());
        assertEquals(1, active());
    }

    @Test
    void noHeaderOfAViewerChangesADecision() throws Exception {
        String victim = "victim-" + session;
        List<String> foreign = List.of(
                "Session-Id", victim,
                "Stream-Id", "one",
                "Asset-Id", "none",
                "Stream-Plan", "unlimited",
                "Stream-Limit", "100",
                "CMCD-Session", "sid=\"one\"",
                "Idempotency-Key", "one",
                "Viewer-Method", "HEAD",
                "Viewer-Uri", "/play/0123456789abcdef0123456789abcdef/movie/",
                "X-Original-Method", "HEAD",
                "X-Forwarded-Method", "HEAD",
                "X-Original-URI", "/",
                "X-Forwarded-Uri", "/");
        for (String asset : List.of("one", "two", "three")) {
            assertEquals(200, sendAs(session, player(asset), foreign).statusCode());
        }

        assertEquals(403, sendAs(session, player("four"), foreign).statusCode());
        assertEquals(3, active());
        assertEquals(Set.of("one", "two", "three"), Set.copyOf(decidedAssets()));
        assertEquals(0, active(victim));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"/one/../two/1.ts", "/one/%2e%2e/two/1.ts", "/one/..%2Ftwo/1.ts", "//two/1.ts", "/t%77o/1.ts"})
    void theAssetThatIsDecidedIsTheOneThatIsServed(String spelling) throws Exception {
        String player = player("two").replace("/two/main.m3u8", "");
        origin.assets.clear();

        assertEquals(normalizesPaths() ? 200 : 400, get(player + spelling).statusCode());

        assertEquals(normalizesPaths() ? List.of("two") : List.of(), decidedAssets());
        assertEquals(decidedAssets(), List.copyOf(origin.assets));
    }

    /** Some origins drop the semicolon and what follows it, and then take the dots for a step up. */
    @ParameterizedTest
    @ValueSource(strings = {"/one/..;/two/1.ts", "/one/.;x/../two/1.ts", "/one/%2E.;x/two/1.ts", "/one/..%3B/two/1.ts"})
    void dotsBeforeASemicolonDoNotReachTheOrigin(String spelling) throws Exception {
        String player = player("two").replace("/two/main.m3u8", "");
        origin.assets.clear();

        int status = get(player + spelling).statusCode();

        assertTrue(
                Set.of(400, 404).contains(status) || List.copyOf(origin.assets).equals(decidedAssets()), "" + status);
        assertFalse(origin.paths.stream().anyMatch(path -> path.contains(".;")), () -> "" + origin.paths);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/two/%252e%252e/one/1.ts", "/two/%252Fone/1.ts", "/two/a%20b/..one/1.ts?/../one"})
    void unusualNamesAreNames(String name) throws Exception {
        String player = player("two").replace("/two/main.m3u8", "");
        origin.assets.clear();

        assertEquals(200, get(player + name).statusCode());

        assertEquals(List.of("two"), decidedAssets());
        assertEquals(List.of("two"), List.copyOf(origin.assets));
    }

    @Test
    void theRedirectKeepsQueryAndSpellingAndIsNotCached() throws Exception {
        HttpResponse<String> answer = send("GET", "/video/movie/a%20b%0d.m3u8?token=x&CMCD=y");

        assertEquals(302, answer.statusCode());
        assertTrue(
                header(answer, "Location").matches("/play/[0-9a-f-]{32,36}/movie/a%20b%0[dD]\\.m3u8\\?token=x&CMCD=y"),
                () -> header(answer, "Location"));
        assertEquals("no-store", header(answer, "Cache-Control"));
    }

    @Test
    void theQuestionCannotBeAskedFromOutside() throws Exception {
        assertEquals(404, send("GET", "/authorize", "Session-Id", session).statusCode());
        assertEquals(404, send("GET", "/watch", "Session-Id", session).statusCode());
    }

    @Test
    void whatTheGatewayItselfRefusesIsNoHtmlEither() throws Exception {
        HttpResponse<String> answer = send("GET", player("movie"), "X-Long", "x".repeat(40_000));

        assertEquals(statusOfLongHeaders(), answer.statusCode());
        assertEquals(typeOfLongHeaders(), header(answer, "Content-Type"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nonsense",
                "GET /play/ HTTP/1.1\r\nno header",
                "GET /play/ HTTP/9.9\r\nHost: a",
                "GET /play/\u0001 HTTP/1.1\r\nHost: a",
                "GET /play/ HTTP/1.1\r\nHost: a\r\nContent-Length: x",
                "CONNECT a:1 HTTP/1.1\r\nHost: a:1",
                "TRACE /play/ HTTP/1.1\r\nHost: a"
            })
    void noAnswerToNonsenseIsHtml(String request) throws Exception {
        String answer = raw(request, "Connection: close");

        assertFalse(answer.toLowerCase(Locale.ROOT).contains("<html"), answer);
        assertFalse(answer.startsWith("HTTP/1.1 2"), answer);
    }

    /** Proxies drop the headers that Connection names. */
    @Test
    void aViewerCannotHaveTheHeadersOfTheQuestionDropped() throws Exception {
        String answer = raw(
                "GET " + player("movie") + " HTTP/1.1",
                "Host: a",
                "Cookie: sid=" + session,
                "Connection: close, Session-Id, Stream-Id, Asset-Id, Viewer-Method");

        assertTrue(answer.startsWith("HTTP/1.1 200"), answer);
        assertEquals(1, active());
        assertEquals(List.of("movie"), decidedAssets());
    }

    @Test
    void ofFourPlaylistsAtOnceThreeAreServed() throws Exception {
        List<HttpRequest> playlists = new ArrayList<>();
        for (String asset : List.of("one", "two", "three", "four")) {
            playlists.add(request(player(asset), "Cookie", "sid=" + session).build());
        }

        List<CompletableFuture<HttpResponse<String>>> answers = playlists.stream()
                .map(playlist -> CLIENT.sendAsync(playlist, BodyHandlers.ofString()))
                .toList();

        assertEquals(
                List.of(200, 200, 200, 403),
                answers.stream()
                        .map(answer -> answer.join().statusCode())
                        .sorted()
                        .toList());
        assertEquals(3, active());
    }

    @Test
    void afterAnUpgradeThatTheOriginDoesNotMakeNoRequestPassesUnasked() throws Exception {
        String segment = player("movie").replace("main.m3u8", "segment-1.ts");
        origin.assets.clear();
        try (RawConnection viewer = new RawConnection(
                gateway.port(),
                "GET",
                segment,
                "Cookie",
                "sid=" + session,
                "Upgrade",
                "websocket",
                "Connection",
                "Upgrade",
                "Sec-WebSocket-Version",
                "13",
                "Sec-WebSocket-Key",
                "dGhlIHNhbXBsZSBub25jZQ==")) {
            viewer.next("GET", "/other/segment-1.ts", "Connection", "close").untilItCloses();
        }

        assertEquals(List.of("movie"), List.copyOf(origin.assets));
    }

    @Test
    void aWebsocketTakesOneSlot() throws Exception {
        assumeTrue(passesWebsockets(), "it cannot pass websockets on safely");
        String path = player("movie").replace("main.m3u8", "chat");

        WebSocket opened = CLIENT.newWebSocketBuilder()
                .header("Cookie", "sid=" + session)
                .buildAsync(URI.create("ws://127.0.0.1:" + gateway.port() + path), new WebSocket.Listener() {})
                .get(5, TimeUnit.SECONDS);

        opened.abort();
        assertEquals(1, active());
    }

    @Test
    void anUpgradeToHttp2DoesNotReachTheOrigin() throws Exception {
        HttpClient upgrading =
                HttpClient.newBuilder().version(HttpClient.Version.HTTP_2).build();

        HttpResponse<String> answer = upgrading.send(
                request(player("movie"), "Cookie", "sid=" + session).build(), BodyHandlers.ofString());

        assertEquals(200, answer.statusCode());
        assertFalse(origin.heard.contains("h2c"));
        assertEquals(1, active());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "h2c, websocket",
                "websocket, h2c",
                "h2c\r\nUpgrade: websocket",
                "websocket\r\nUpgrade: h2c",
            })
    void anUpgradeToHttp2BesideOneToWebsocketsDoesNotEither(String upgrade) throws Exception {
        raw(
                "GET " + player("movie") + " HTTP/1.1",
                "Host: a",
                "Cookie: sid=" + session,
                "Connection: Upgrade, HTTP2-Settings, close",
                "Upgrade: " + upgrade,
                "HTTP2-Settings: AAMAAABkAAQAAP__",
                "Sec-WebSocket-Version: 13",
                "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==");

        assertFalse(origin.heard.stream().anyMatch(value -> value.contains("h2c")));
    }

    @Test
    void overTlsAPlayerWithHttp2IsOneStreamAndTheFourthIsDenied() throws Exception {
        assumeTrue(shipped.has("tls"), "it has no HTTP/2 from viewers");
        SiteCertificate certificate = new SiteCertificate(newDirectory());
        Path ownDirectory = newDirectory();
        certificate.writeTo(ownDirectory.resolve("site.pem"));
        try (Gateway secure = gateway(ownDirectory, ports(service.applicationPort(), origin.port()), Set.of("tls"))) {
            HttpClient client = HttpClient.newBuilder()
                    .version(HttpClient.Version.HTTP_2)
                    .sslContext(certificate.trusted())
                    .build();
            String playing = player("movie");
            List<CompletableFuture<HttpResponse<String>>> answers = IntStream.range(0, 50)
                    .mapToObj(i -> playing.replace("main.m3u8", "segment-" + i + ".ts"))
                    .map(segment -> client.sendAsync(overTls(secure, segment), BodyHandlers.ofString()))
                    .toList();
            for (CompletableFuture<HttpResponse<String>> answer : answers) {
                assertEquals(200, answer.join().statusCode(), secure::log);
                assertEquals(HttpClient.Version.HTTP_2, answer.join().version());
            }
            assertEquals(1, active());

            assertEquals(200, get(player("two")).statusCode());
            assertEquals(200, get(player("three")).statusCode());
            HttpResponse<String> denied = client.send(overTls(secure, player("four")), BodyHandlers.ofString());
            assertEquals(403, denied.statusCode());
            assertEquals("full", header(denied, "Stream-Reason"));
            assertEquals("application/json", header(denied, "Content-Type"));
        }
    }

    @Test
    void aPlayerOnAForeignPageIsDecidedLikeAnyOther() throws Exception {
        HttpResponse<String> answer =
                send("GET", player("movie"), "Cookie", "sid=" + session, "Origin", "https://foreign.example");

        assertEquals(200, answer.statusCode());
        assertEquals(1, active());
    }

    @Test
    void aPageHoldsTheStreamsOfItsCookieWhateverElseItSends() throws Exception {
        assumeTrue(shipped.has("page"), "its file passes on no streams API");
        try (Gateway open = gateway(newDirectory(), ports(service.applicationPort(), origin.port()), Set.of("page"))) {
            String stream = "page-" + session;
            HttpRequest.Builder start = page(open, "/streams")
                    .headers("Stream-Id", stream, "Stream-Plan", "none such", "Content-Type", "text/plain")
                    .POST(BodyPublishers.ofString("{\"device\":{\"name\":\"Laptop\"}}"));

            HttpResponse<String> withoutCookie = CLIENT.send(start.build(), BodyHandlers.ofString());
            HttpResponse<String> started =
                    CLIENT.send(start.header("Cookie", "sid=" + session).build(), BodyHandlers.ofString());

            assertEquals(400, withoutCookie.statusCode());
            HttpResponse<String> foreign = CLIENT.send(
                    start.copy().header("Origin", "https://evil.example").build(), BodyHandlers.ofString());
            assertEquals(403, foreign.statusCode());
            assertEquals("origin", header(foreign, "Stream-Reason"));
            assertEquals(201, started.statusCode(), started::body);
            assertTrue(started.body().contains("Laptop"), started::body);
            assertEquals(1, active());
            assertEquals(0, active(FORGED));

            HttpResponse<String> listed = CLIENT.send(
                    page(open, "/authorize/..%2Fstreams")
                            .header("Cookie", "sid=" + session)
                            .build(),
                    BodyHandlers.ofString());
            assertTrue(listed.body().contains("\"active\":1"), "that is no question: " + listed.body());

            HttpResponse<String> released = CLIENT.send(
                    page(open, "/streams/" + stream + "/release")
                            .header("Cookie", "sid=" + session)
                            .POST(BodyPublishers.noBody())
                            .build(),
                    BodyHandlers.ofString());
            assertEquals(204, released.statusCode());
            assertEquals(0, active());
        }
    }

    @Test
    void aPlayerThatReportsByCmcdEndsTheStreamOfItsPath() throws Exception {
        assumeTrue(shipped.has("page"), "its file passes on no reports");
        try (Gateway open = gateway(newDirectory(), ports(service.applicationPort(), origin.port()), Set.of("page"))) {
            String playing = player("movie");
            assertEquals(200, at(open, playing, session).statusCode(), open::log);
            String event = ",sid=\"" + playing.replaceAll("^/play/|/movie/.*$", "") + "\",v=2\n";

            assertEquals(204, report(open, "e=t,sta=p,ts=1" + event).statusCode());
            assertEquals(1, active());

            assertEquals(204, report(open, "e=ps,sta=e,ts=2" + event).statusCode());
            assertEquals(0, active());
            assertEquals(400, report(open, "e=t").statusCode());
        }
    }

    private HttpResponse<String> report(Gateway open, String events) throws IOException, InterruptedException {
        return CLIENT.send(
                page(open, "/cmcd")
                        .headers("Cookie", "sid=" + session, "Content-Type", "application/cmcd")
                        .POST(BodyPublishers.ofString(events))
                        .build(),
                BodyHandlers.ofString());
    }

    /** A request that names another session itself. */
    private static HttpRequest.Builder page(Gateway open, String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + open.port() + path))
                .header("Session-Id", FORGED);
    }

    @Test
    void allQuestionsOfASessionGoToOneNodeAndToTheOtherIfThatIsAway() throws Exception {
        try (Node one = new Node();
                Node two = new Node();
                Gateway before = gateway(
                        newDirectory(),
                        with(ports(one.port(), origin.port()), Map.of(Gateway.SECOND_THEZONE, "" + two.port())),
                        Set.of("second"))) {
            String playing = player("movie");
            for (int i = 0; i < 40; i++) {
                assertEquals(200, at(before, playing, "session-" + i % 20).statusCode(), before::log);
            }
            assertEquals(20, one.sessions.size() + two.sessions.size(), () -> one.sessions + " and " + two.sessions);
            assertTrue(!one.sessions.isEmpty() && !two.sessions.isEmpty());

            two.stop();

            for (int i = 0; i < 20; i++) {
                eventuallyPlays(before, playing, "session-" + i);
            }
        }
    }

    /** The slot is taken: thezone allowed the stream before the gateway noticed. It ends with its lease. */
    @Test
    void withoutTheOriginAViewerIsToldToRetry() throws Exception {
        String playing = player("movie");
        try (Gateway before = gateway(service.applicationPort(), Gateway.freePort())) {
            HttpResponse<String> answer = at(before, playing, session);

            assertTrue(Set.of(502, 503).contains(answer.statusCode()), answer::toString);
            assertEquals("application/json", header(answer, "Content-Type"));
            assertEquals("1", header(answer, "Retry-After"));
            assertTrue(answer.body().contains("no-origin"), answer::body);
            assertEquals(1, active());
        }
    }

    @Test
    void whileTheServiceIsSilentAViewerIsDeniedAndNoSlotIsLost() throws Exception {
        String playing = player("movie");
        service.freeze();
        try {
            assertUndecided(at(gateway, playing, session));
        } finally {
            service.thaw();
        }

        eventuallyPlays(gateway, playing, session);
        assertEquals(1, active());
    }

    @Test
    void afterARestartOfTheServiceAPlayerGoesOnWithItsStream() throws Exception {
        String playing = player("movie");
        assertEquals(200, get(playing).statusCode());
        service.kill();
        assertUndecided(at(gateway, playing, session));

        service = service(Integer.toString(service.applicationPort()));

        eventuallyPlays(gateway, playing, session);
        assertEquals(1, active());
    }

    @Test
    void withoutTheStoreAViewerIsDeniedUntilItIsBack() throws Exception {
        String playing = player("movie");
        database.stop();
        try {
            HttpResponse<String> denied = at(gateway, playing, session);

            assertTrue(Set.of(403, 503).contains(denied.statusCode()), () -> denied.statusCode() + denied.body());
            assertTrue(denied.body().contains("no-decision"), denied::body);
            assertEquals("application/json", header(denied, "Content-Type"));
            assertTrue(Integer.parseInt(header(denied, "Retry-After")) > 0);
        } finally {
            database.startAgain();
        }

        eventuallyPlays(gateway, playing, session);
        assertEquals(1, active());
    }

    @Test
    void aCachedAnswerIsForOneSessionStreamAndMethod() throws Exception {
        assumeTrue(shipped.has("cache"), "it has no cache of answers");
        try (Node node = new Node();
                Gateway caching = gateway(newDirectory(), ports(node.port(), origin.port()), Set.of("cache"))) {
            String playing = player("movie");
            for (int i = 0; i < 10; i++) {
                assertEquals(200, at(caching, playing, session).statusCode(), caching::log);
            }
            assertEquals(1, node.questions.get());

            at(caching, playing, session + "-2");
            assertEquals(2, node.questions.get(), "another session");
            at(caching, playing.replace("/movie/", "/film/"), session);
            assertEquals(3, node.questions.get(), "another asset");
            String other = player("movie");
            assertEquals(200, headAt(caching, other).statusCode());
            assertEquals(200, headAt(caching, other).statusCode());
            assertEquals(5, node.questions.get(), "HEAD is never cached");
            at(caching, other, session);
            assertEquals(6, node.questions.get(), "another player");
        }
    }

    @Test
    void aStreamThatWasEndedIsDeniedOnceTheCachedAnswerIsTooOld() throws Exception {
        assumeTrue(shipped.has("cache"), "it has no cache of answers");
        try (Gateway caching = gateway(
                newDirectory(),
                with(ports(service.applicationPort(), origin.port()), cachedForASecond()),
                Set.of("cache"))) {
            String playing = player("movie");
            assertEquals(200, at(caching, playing, session).statusCode());
            stopAll();

            Eventually.within(
                    Duration.ofSeconds(5), () -> at(caching, playing, session).statusCode() == 403, caching::log);

            assertEquals(403, at(caching, playing, session).statusCode(), "denied for good");
        }
    }

    private static void assertUndecided(HttpResponse<String> answer) {
        assertEquals(503, answer.statusCode());
        assertEquals("application/json", header(answer, "Content-Type"));
        assertEquals("1", header(answer, "Retry-After"));
        assertTrue(answer.body().contains("no-decision"), answer::body);
    }

    private static void eventuallyPlays(Gateway gateway, String path, String session) throws Exception {
        Eventually.within(RECOVERY, () -> at(gateway, path, session).statusCode() == 200, gateway::log);
    }

    private <T extends AutoCloseable> T opened(T part) {
        opened.push(part);
        return part;
    }

    private ServiceProcess service(String port) throws Exception {
        return ServiceProcess.startVersion(
                ServiceProcess.JAR, settings, with(database.environment(), Map.of("PORT", port, "CACHE_TYPE", "none")));
    }

    private Gateway gateway(int thezonePort, int originPort) throws Exception {
        return gateway(newDirectory(), ports(thezonePort, originPort), Set.of());
    }

    private Gateway gateway(Path ownDirectory, Map<String, String> words, Set<String> parts) throws Exception {
        return new Gateway(shipped, ownDirectory, words, parts);
    }

    private static Map<String, String> ports(int thezone, int origin) {
        return Map.of(Gateway.THEZONE, Integer.toString(thezone), Gateway.ORIGIN, Integer.toString(origin));
    }

    private static Map<String, String> with(Map<String, String> some, Map<String, String> others) {
        Map<String, String> all = new HashMap<>(some);
        all.putAll(others);
        return all;
    }

    private Path newDirectory() throws IOException {
        return Files.createDirectory(directory.resolve(UUID.randomUUID().toString()));
    }

    /** Opens an asset, and returns the path to which the player is redirected. */
    private String player(String asset) throws IOException, InterruptedException {
        HttpResponse<String> answer = send("GET", "/video/" + asset + "/main.m3u8");
        assertEquals(302, answer.statusCode());
        return URI.create(header(answer, "Location")).getPath();
    }

    private HttpResponse<String> get(String path) throws IOException, InterruptedException {
        return send("GET", path, "Cookie", "sid=" + session);
    }

    private static HttpResponse<String> at(Gateway other, String path, String session)
            throws IOException, InterruptedException {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + other.port() + path))
                        .header("Cookie", "sid=" + session)
                        .build(),
                BodyHandlers.ofString());
    }

    private HttpResponse<String> headAt(Gateway other, String path) throws IOException, InterruptedException {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + other.port() + path))
                        .method("HEAD", BodyPublishers.noBody())
                        .header("Cookie", "sid=" + session)
                        .build(),
                BodyHandlers.ofString());
    }

    /** Sends the cookies one by one, as HTTP/2 allows. */
    private HttpRequest overTls(Gateway secure, String path) {
        return HttpRequest.newBuilder(URI.create("https://127.0.0.1:" + secure.tlsPort() + path))
                .headers("Cookie", "a=b", "Cookie", "sid=" + session)
                .build();
    }

    private String raw(String... lines) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), gateway.port())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write((String.join("\r\n", lines) + "\r\n\r\n").getBytes(ISO_8859_1));
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }

    private HttpResponse<String> sendAs(String session, String path, List<String> headers)
            throws IOException, InterruptedException {
        List<String> all = new ArrayList<>(headers);
        all.addAll(List.of("Cookie", "sid=" + session));
        return send("GET", path, all.toArray(String[]::new));
    }

    private HttpResponse<String> send(String method, String path, String... headers)
            throws IOException, InterruptedException {
        HttpResponse<String> answer = CLIENT.send(
                request(path, headers).method(method, BodyPublishers.noBody()).build(), BodyHandlers.ofString());
        assertTrue(answer.statusCode() < 500, answer::body);
        assertFalse(header(answer, "Content-Type").contains("html") && answer.statusCode() != 302, answer::body);
        return answer;
    }

    private HttpRequest.Builder request(String path, String... headers) {
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path));
        return headers.length == 0 ? request : request.headers(headers);
    }

    private List<String> decidedAssets() throws Exception {
        return Pattern.compile("\"asset\":\\{\"id\":\"([^\"]+)\"")
                .matcher(ask("GET", "/streams", session).body())
                .results()
                .map(found -> found.group(1))
                .toList();
    }

    private int active() throws Exception {
        return active(session);
    }

    private int active(String session) throws Exception {
        Matcher active = ACTIVE.matcher(ask("GET", "/streams", session).body());
        assertTrue(active.find());
        return Integer.parseInt(active.group(1));
    }

    private void stopAll() throws Exception {
        Matcher stream = Pattern.compile("\"streamId\":\"([^\"]+)\"")
                .matcher(ask("GET", "/streams", session).body());
        while (stream.find()) {
            assertEquals(
                    204,
                    ask("DELETE", "/streams/" + stream.group(1) + "?as=stopped", session)
                            .statusCode());
        }
    }

    private HttpResponse<String> ask(String method, String path, String session) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.applicationPort() + path))
                        .method(method, BodyPublishers.noBody())
                        .header("Session-Id", session)
                        .build(),
                BodyHandlers.ofString());
    }

    private static String header(HttpResponse<?> answer, String name) {
        return answer.headers().firstValue(name).orElse("");
    }
}
