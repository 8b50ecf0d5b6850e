package io.thezone.bootstrap;

import static io.thezone.rest.testing.HttpService.header;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.Sets;
import io.dropwizard.testing.ConfigOverride;
import io.thezone.bootstrap.support.RunningService;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The whole service with the shipped config.yml: HTTP, Hazelcast and the embedded PostgreSQL. */
class StreamServiceTest {
    private static final ObjectMapper JSON = new ObjectMapper();

    private static RunningService service;

    private final String session = "session-" + UUID.randomUUID();

    @BeforeAll
    static void start(@TempDir Path data) throws Exception {
        service = RunningService.start(
                        StreamServiceApplication.class, ConfigOverride.config("store.dataDirectory", data.toString()))
                .up();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void healthIsUp() throws Exception {
        assertEquals("{\"status\":\"UP\"}", service.get("/health").body());
    }

    @Test
    void aSessionIsRequired() throws Exception {
        HttpResponse<String> answer = service.get("/watch");

        assertEquals(400, answer.statusCode());
        assertEquals("Session-Id required", answer.body());
    }

    @Test
    void aSessionWatchesThreeStreamsAndNoFourth() throws Exception {
        for (int i = 0; i < 3; i++) {
            HttpResponse<String> admitted = service.get("/watch", "Session-Id", session);
            assertEquals(200, admitted.statusCode());
            assertEquals("OK, you are now streaming content.", admitted.body());
            assertEquals(session, header(admitted, "Session-Id"));
            assertEquals("30", header(admitted, "Stream-Heartbeat"));
            assertEquals("no-store", header(admitted, "Cache-Control"));
        }

        HttpResponse<String> refused = service.get("/watch", "Session-Id", session);

        assertEquals(401, refused.statusCode());
        assertEquals("Exceeded watch limit.", refused.body());
        assertEquals("Session realm=\"streams\"", header(refused, "WWW-Authenticate"));
        long retryAfter = Long.parseLong(header(refused, "Retry-After"));
        assertTrue(retryAfter >= 1 && retryAfter <= 90);
    }

    @Test
    void aRetryWithTheSameStreamTakesNoSecondSlot() throws Exception {
        for (int i = 0; i < 5; i++) {
            assertEquals(
                    200,
                    service.get("/watch", "Session-Id", session, "Stream-Id", "tv")
                            .statusCode());
        }

        assertEquals(1, list().get("active").asInt());
    }

    @Test
    void twoHundredRacingRequestsAdmitExactlyThree() {
        for (int round = 0; round < 20; round++) {
            String contested = session + round;
            List<CompletableFuture<Integer>> answers = IntStream.range(0, 200)
                    .mapToObj(i -> service.sendAsync("GET", "/watch", "", "Session-Id", contested)
                            .thenApply(HttpResponse::statusCode))
                    .toList();
            List<Integer> statuses =
                    answers.stream().map(CompletableFuture::join).toList();

            assertEquals(3, statuses.stream().filter(status -> status == 200).count());
            // On a busy machine some are answered 503 without a decision, which is no admission.
            assertEquals(Set.of(), Sets.difference(Set.copyOf(statuses), Set.of(200, 401, 503)));
        }
    }

    @Test
    void aStreamIsStartedRenewedAndReleased() throws Exception {
        String body =
                "{\"device\":{\"id\":\"d1\",\"name\":\"Living room\"},\"asset\":{\"id\":\"a1\",\"type\":\"live\"}}";
        HttpResponse<String> started =
                service.send("POST", "/streams", body, "Session-Id", session, "Content-Type", "application/json");
        assertEquals(201, started.statusCode());
        JsonNode stream = JSON.readTree(started.body());
        String path = "/streams/" + stream.get("streamId").asText();
        assertEquals(path, header(started, "Location"));
        assertEquals("Living room", stream.at("/device/name").asText());

        assertEquals(
                200,
                service.send("POST", path + "/heartbeat", "", "Session-Id", session)
                        .statusCode());
        assertEquals(200, service.send("PUT", path, "", "Session-Id", session).statusCode());
        assertEquals(
                204, service.send("DELETE", path, "", "Session-Id", session).statusCode());
        assertEquals(
                204, service.send("DELETE", path, "", "Session-Id", session).statusCode());

        HttpResponse<String> lost = service.send("POST", path + "/heartbeat", "", "Session-Id", session);
        assertEquals(410, lost.statusCode());
        assertEquals("released", JSON.readTree(lost.body()).get("reason").asText());
        assertEquals(0, list().get("active").asInt());
    }

    @Test
    void aRefusalNamesTheRuleAndTheStreams() throws Exception {
        for (int i = 0; i < 3; i++) {
            service.send("PUT", "/streams/s" + i, "", "Session-Id", session);
        }

        HttpResponse<String> refused = service.send("PUT", "/streams/s3", "", "Session-Id", session);

        assertEquals(409, refused.statusCode());
        JsonNode problem = JSON.readTree(refused.body());
        assertEquals("urn:thezone:quota-exceeded", problem.get("type").asText());
        assertEquals("limit", problem.get("rule").asText());
        assertEquals(3, problem.get("streams").size());
    }

    @Test
    void aStreamOfAnotherSessionIsUnknown() throws Exception {
        service.send("PUT", "/streams/mine", "", "Session-Id", session);

        HttpResponse<String> answer =
                service.send("POST", "/streams/mine/heartbeat", "", "Session-Id", session + "-other");

        assertEquals(410, answer.statusCode());
        assertEquals("unknown", JSON.readTree(answer.body()).get("reason").asText());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "*/* | text/plain",
                "application/json | application/json",
                "application/json, text/plain, */* | text/plain",
                "image/png | text/plain",
                "text/plain;q=0.5, application/json;q=0.9 | application/json",
                "application/json;q=0.1, */* | text/plain",
            })
    void watchAnswersInTheFormThatIsPreferred(String accept, String form) throws Exception {
        assertEquals(form, header(service.get("/watch", "Session-Id", session, "Accept", accept), "Content-Type"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET    | /nothing             |                          | 404",
                "HEAD   | /watch               |                          | 405",
                "POST   | /watch               |                          | 405",
                "POST   | /streams             | {                        | 400",
                "POST   | /streams             | {\"colour\":\"red\"}     | 400",
                "POST   | /streams             | {\"profile\":1}          | 400",
                "POST   | /streams             | {\"profile\":\"\\u0000\"} | 400",
                "PUT    | /streams/a%20b       |                          | 400",
                "PATCH  | /streams/a           |                          | 405",
            })
    void errorsAreNeverHtml(String method, String path, String body, int status) throws Exception {
        HttpResponse<String> answer = service.send(
                method, path, body == null ? "" : body, "Session-Id", session, "Content-Type", "application/json");

        assertEquals(status, answer.statusCode());
        assertFalse(header(answer, "Content-Type").contains("html"));
        assertEquals("no-store", header(answer, "Cache-Control"));
    }

    @Test
    void bodiesAndHeadersThatAreTooLargeAreRefused() throws Exception {
        String body = "{\"profile\":\"" + "x".repeat(17_000) + "\"}";
        assertEquals(
                413,
                service.send("POST", "/streams", body, "Session-Id", session, "Content-Type", "application/json")
                        .statusCode());
        assertEquals(400, service.get("/watch", "Session-Id", "x".repeat(4_097)).statusCode());
        assertEquals(
                431, service.get("/watch", "Session-Id", "x".repeat(33_000)).statusCode());
        assertEquals(
                415,
                service.send("POST", "/streams", "a=b", "Session-Id", session, "Content-Type", "text/html")
                        .statusCode());
    }

    @Test
    void metricsAreServedForPrometheus() throws Exception {
        HttpResponse<String> answer = service.admin("/metrics");

        assertEquals(200, answer.statusCode());
        assertTrue(answer.body().contains("# TYPE thezone_cache_used gauge"));
    }

    private JsonNode list() throws Exception {
        return JSON.readTree(service.get("/streams", "Session-Id", session).body());
    }
}
