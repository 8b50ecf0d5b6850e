package io.thezone.rest;

import static io.thezone.rest.testing.HttpService.header;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dropwizard.testing.ConfigOverride;
import io.thezone.gateway.testing.MapStore;
import io.thezone.rest.testing.Http2Connection;
import io.thezone.rest.testing.RawConnection;
import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A port of the type h2c speaks HTTP/2 in clear text, with prior knowledge and by upgrade, and HTTP/1.1 as before. */
class Http2Test {
    private static RestService service;
    private final String session = "session-" + UUID.randomUUID();

    @BeforeAll
    static void start() throws Exception {
        service = RestService.over(
                new MapStore(),
                ConfigOverride.config("server.applicationConnectors[0].type", "h2c"),
                ConfigOverride.config("server.applicationConnectors[0].maxRequestHeaderSize", "5000B"));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    /** Java's client asks every server whether it can upgrade. */
    @ParameterizedTest
    @ValueSource(strings = {"/watch", "/streams", "/authorize/movie/p/one", "/health", "/openapi.yaml"})
    void answersAreTheSameByUpgradeAndOverHttp1(String path) throws Exception {
        HttpResponse<String> upgraded = service.get(path, "Session-Id", session, "Stream-Id", "one");
        try (RawConnection connection =
                new RawConnection(service.port(), "GET", path, "Session-Id", session, "Stream-Id", "one")) {
            HttpResponse<String> plain = connection.answer();

            assertEquals(HttpClient.Version.HTTP_2, upgraded.version());
            assertEquals(plain.statusCode(), upgraded.statusCode());
            assertEquals(header(plain, "Content-Type"), header(upgraded, "Content-Type"));
            assertEquals(header(plain, "Cache-Control"), header(upgraded, "Cache-Control"));
            assertEquals(200, upgraded.statusCode());
        }
    }

    @Test
    void oneConnectionHasManyRequestsWithPriorKnowledge() throws Exception {
        try (Http2Connection connection = new Http2Connection(service.port())) {
            int first = connection.request("GET", "/watch", "session-id", session);
            int body = connection.open("POST", "/streams", "session-id", session, "content-type", "application/json");
            int second = connection.request("GET", "/watch", "session-id", session);

            assertEquals(
                    "OK, you are now streaming content.",
                    connection.answer(second).body());
            assertEquals(200, connection.answer(first).status());
            connection.data(body, Http2Connection.END_STREAM, "{\"profile\":\"kids\"}");
            Http2Connection.Answer started = connection.answer(body);
            assertEquals(201, started.status());
            assertTrue(started.body().contains("kids"), started::body);
            Http2Connection.Answer refused =
                    connection.answer(connection.request("GET", "/watch", "session-id", session));
            assertEquals(401, refused.status());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/a%2Fb", "//a", "/a;b=c", "/a/../b", "/%2e%2e/a", "/a%25"})
    void anyPathOfAViewerIsDecided(String below) throws Exception {
        assertEquals(
                "admitted",
                ask("/authorize" + below, "device-id", "tv").headers().get("Stream-Reason"));
    }

    @ParameterizedTest
    @CsvSource({
        "/watch%2F, 400",
        "//watch, 400",
        "/nothing, 404",
        "/%77atch, 200",
        "/authorize/%zz, 400",
        "watch, 400",
        "'/a b', 400"
    })
    void everyPathIsAnsweredAsOverHttp1(String path, int status) throws Exception {
        Http2Connection.Answer answer = ask(path);

        assertEquals(status, answer.status(), answer::body);
        assertEquals("no-store", answer.headers().get("Cache-Control"));
    }

    /** The names of headers are in lower case in HTTP/2. */
    @ParameterizedTest
    @CsvSource({"Upper-Case, a", "'sp ace', a", "te, gzip", "connection, close", "a, 'b\r\nc: d'"})
    void aMalformedHeaderIsRefusedAndTheConnectionStaysOpen(String name, String value) throws Exception {
        try (Http2Connection connection = new Http2Connection(service.port())) {
            Http2Connection.Answer answer =
                    connection.answer(connection.request("GET", "/watch", "session-id", session, name, value));

            assertEquals(400, answer.status(), answer.headers() + answer.body());
            assertEquals("application/problem+json", answer.headers().get("Content-Type"));
            assertEquals(
                    200, connection.answer(connection.request("GET", "/health")).status());
        }
    }

    @Test
    void aBodyThatIsTooLargeIsRefusedAndTheConnectionStaysOpen() throws Exception {
        try (Http2Connection connection = new Http2Connection(service.port())) {
            int stream = connection.open("POST", "/streams", "session-id", session);
            connection.data(stream, Http2Connection.NOTHING, " ".repeat(16_000));
            connection.data(stream, Http2Connection.END_STREAM, " ".repeat(1_000));

            assertEquals(413, connection.answer(stream).status());
            assertEquals(
                    200, connection.answer(connection.request("GET", "/health")).status());
        }
    }

    @Test
    void anUnneededBodyIsNotWaitedFor() throws Exception {
        try (Http2Connection connection = new Http2Connection(service.port())) {
            int stream = connection.open("POST", "/authorize/movie/p/two", "session-id", session);

            assertEquals(200, connection.answer(stream).status());
            assertEquals(
                    200, connection.answer(connection.request("GET", "/health")).status());
        }
    }

    @Test
    void headersThatAreTooLongEndTheConnection() throws Exception {
        try (Http2Connection connection = new Http2Connection(service.port())) {
            connection.request("GET", "/watch", "session-id", "x".repeat(6_000));

            assertEquals(
                    Http2Connection.REFUSED_STREAM,
                    connection.next(Http2Connection.GOAWAY).error());
        }
    }

    private Http2Connection.Answer ask(String path, String... headers) throws IOException {
        String[] all = new String[headers.length + 2];
        all[0] = "session-id";
        all[1] = session;
        System.arraycopy(headers, 0, all, 2, headers.length);
        try (Http2Connection connection = new Http2Connection(service.port())) {
            Http2Connection.Answer answer = connection.answer(connection.request("GET", path, all));
            assertEquals(Optional.empty(), answer.error());
            assertTrue(!answer.body().contains("<html"), answer::body);
            return answer;
        }
    }
}
