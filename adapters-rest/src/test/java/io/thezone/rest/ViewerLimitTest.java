package io.thezone.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.base.Splitter;
import io.thezone.gateway.testing.MapStore;
import io.thezone.rest.testing.RawConnection;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The limit that a gateway sets for one viewer, where the plan's is 3. */
class ViewerLimitTest {
    private static final String JSON = "application/json";

    private static RestService service;

    private final String session = "session-" + UUID.randomUUID();

    @BeforeAll
    static void start() throws Exception {
        service = RestService.over(new MapStore());
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /watch",
                "POST /streams",
                "PUT /streams/one",
                "POST /streams/one/heartbeat",
                "GET /streams",
            })
    void itIsShownAsTheLimit(String request) throws Exception {
        send("PUT /streams/one");

        assertEquals(7, limit(send(request, "Stream-Limit", "7")));
        assertEquals(100, limit(send(request, "Stream-Limit", "100")));
        assertEquals(3, limit(send(request)), "the plan's applies without the header");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "GET /watch",
                "POST /streams",
                "PUT /streams/one",
                "POST /streams/one/heartbeat",
                "GET /streams",
            })
    void anythingButAWholeNumberUpToAHundredIsRefusedByName(String request) throws Exception {
        for (String value : List.of(
                "",
                "0",
                "-1",
                "+1",
                "01",
                "1.0",
                "101",
                "1000",
                "99999999999",
                "1e1",
                "0x1",
                "four",
                "unlimited",
                "1 2")) {
            HttpResponse<String> answer = send(request, "Stream-Limit", value);

            assertEquals(400, answer.statusCode(), value);
            assertEquals(
                    "Stream-Limit must be a whole number, 1 to 100",
                    json(answer).path("detail").asText(),
                    value);
        }
        assertEquals(0, json(send("GET /streams")).path("active").asInt(), "nothing was changed");
    }

    @Test
    void aDigitOfAnotherAlphabetIsNoNumber() throws Exception {
        try (RawConnection connection =
                new RawConnection(service.port(), "GET", "/streams", "Session-Id", session, "Stream-Limit", "\u0665")) {
            assertEquals(400, connection.answer().statusCode());
        }
    }

    @Test
    void twoLimitsAreRefused() throws Exception {
        for (String second : List.of("4", "5")) {
            HttpResponse<String> answer = send("GET /watch", "Stream-Limit", "4", "Stream-Limit", second);

            assertEquals(400, answer.statusCode());
            assertEquals(
                    "Stream-Limit must be sent once, not 2 times",
                    json(answer).path("detail").asText());
        }
    }

    @Test
    void itIsHigherOrLowerThanThePlans() throws Exception {
        for (String stream : List.of("one", "two", "three", "four", "five")) {
            assertEquals(
                    201, send("PUT /streams/" + stream, "Stream-Limit", "5").statusCode());
        }
        HttpResponse<String> sixth = send("PUT /streams/six", "Stream-Limit", "5");

        assertEquals(409, sixth.statusCode());
        assertEquals(5, limit(sixth));
        assertEquals("limit", json(sixth).path("rule").asText());
        assertEquals("standard", json(sixth).path("plan").asText());
        assertEquals(401, send("GET /watch", "Stream-Limit", "5").statusCode());
        assertEquals(409, send("POST /streams", "Stream-Limit", "1").statusCode());
        assertEquals(
                200,
                send("POST /streams/one/heartbeat", "Stream-Limit", "1").statusCode(),
                "streams over a lowered limit live on");
        assertEquals(
                5,
                json(service.admin(
                                "/decisions/" + json(sixth).path("decisionId").asText()))
                        .at("/plan/limit")
                        .asInt());
    }

    @Test
    void aStopDoesNotReadIt() throws Exception {
        send("PUT /streams/one");

        assertEquals(204, send("DELETE /streams/one", "Stream-Limit", "many").statusCode());
    }

    @Test
    void anUnknownPlanHasNoLimitThatItCouldReplace() throws Exception {
        HttpResponse<String> listed = send("GET /streams", "Stream-Plan", "gold", "Stream-Limit", "5");

        assertEquals(200, listed.statusCode());
        assertTrue(json(listed).path("limit").isMissingNode(), listed::body);
        assertEquals(
                400,
                send("POST /streams", "Stream-Plan", "gold", "Stream-Limit", "5")
                        .statusCode());
    }

    private HttpResponse<String> send(String request, String... headers) throws Exception {
        List<String> parts = Splitter.on(' ').splitToList(request);
        List<String> all = new ArrayList<>(List.of("Session-Id", session, "Accept", JSON));
        all.addAll(List.of(headers));
        return service.send(parts.get(0), parts.get(1), "", all.toArray(String[]::new));
    }

    private static int limit(HttpResponse<String> answer) throws Exception {
        return json(answer).path("limit").asInt();
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        return new ObjectMapper().readTree(answer.body());
    }
}
