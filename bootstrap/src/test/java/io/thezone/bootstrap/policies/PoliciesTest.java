package io.thezone.bootstrap.policies;

import static io.thezone.rest.testing.HttpService.header;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.dropwizard.testing.ConfigOverride;
import io.thezone.bootstrap.StreamServiceApplication;
import io.thezone.bootstrap.support.RunningService;
import io.thezone.rest.testing.Eventually;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Plans over HTTP, on PostgreSQL; {@link PolicyCasesTest} tests each kind of rule. */
class PoliciesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Duration WATCH_TIME = Duration.ofSeconds(10);

    private static final String PLANS =
            """
            default: three
            plans:
              three: {limit: 3}
              one: {limit: 1}
              oldest: {limit: 1, whenFull: end-oldest}
              reload: {limit: 1, reclaimSameDevice: true}
              zapping:
                limit: 1
                reclaimSameDevice: any-asset
                rules:
                  - {name: some, limit: 5, where: {asset.type: [live]}, whereNot: {device.type: [tv]}}
            """;

    private static Path file;
    private static RunningService service;

    private final String session = "session-" + UUID.randomUUID();

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        file = Files.writeString(directory.resolve("plans.yml"), PLANS);
        service = RunningService.start(
                        StreamServiceApplication.class,
                        ConfigOverride.config(
                                "store.dataDirectory", directory.resolve("data").toString()),
                        ConfigOverride.config("quota.file", file.toString()))
                .up();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void theDefaultPlanAppliesToRequestsWithoutOne() throws Exception {
        assertEquals(
                3,
                json(service.get("/streams", "Session-Id", session))
                        .path("limit")
                        .asInt());
        assertEquals(
                1,
                json(service.get("/streams", "Session-Id", session, "Stream-Plan", "one"))
                        .path("limit")
                        .asInt());
    }

    @Test
    void noHeaderSetsALimitUnlessTheConfigurationNamesOne() throws Exception {
        HttpResponse<String> listed = service.get("/streams", "Session-Id", session, "Stream-Limit", "many");

        assertEquals(3, json(listed).path("limit").asInt());
        JsonNode described =
                new YAMLMapper().readTree(service.get("/openapi.yaml").body());
        assertTrue(described.at("/components/parameters/plan").isObject());
        assertTrue(described.at("/components/parameters/limit").isMissingNode());
        assertFalse(described.toString().contains("parameters/limit"));
    }

    @Test
    void anUnknownPlanIsRefusedWithTheKnownNames() throws Exception {
        HttpResponse<String> answer = service.get("/watch", "Session-Id", session, "Stream-Plan", "gold");

        assertEquals(400, answer.statusCode());
        assertEquals(
                "Stream-Plan names a plan that is not known; known are oldest, one, reload, three, zapping",
                answer.body());
    }

    @Test
    void anEmptyPlanMeansTheDefaultPlan() throws Exception {
        assertEquals(
                200,
                service.get("/watch", "Session-Id", session, "Stream-Plan", "").statusCode());
    }

    @Test
    void watchAppliesThePlan() throws Exception {
        assertEquals(
                200,
                service.get("/watch", "Session-Id", session, "Stream-Plan", "one")
                        .statusCode());
        assertEquals(
                401,
                service.get("/watch", "Session-Id", session, "Stream-Plan", "one")
                        .statusCode());
        assertEquals(
                200,
                service.get("/watch", "Session-Id", session, "Stream-Plan", "three")
                        .statusCode());
    }

    @Test
    void fiftyPlayersTakeOverOneStreamAndExactlyOneSucceeds() throws Exception {
        assertEquals(201, put("phone", "one", "{}").statusCode());

        Map<Integer, List<HttpResponse<String>>> answers = atOnce(
                        50,
                        i -> putting(
                                "tv-" + i, "one", "{\"device\":{\"name\":\"TV " + i + "\"},\"replaces\":[\"phone\"]}"))
                .collect(groupingBy(HttpResponse::statusCode));

        assertEquals(Set.of(201, 409), answers.keySet());
        assertEquals(1, answers.getOrDefault(201, List.of()).size());
        JsonNode winner = json(answers.getOrDefault(201, List.of()).get(0));
        assertEquals("phone", winner.at("/ended/0/streamId").asText());
        for (HttpResponse<String> loser : answers.getOrDefault(409, List.of())) {
            assertEquals(winner.path("streamId"), json(loser).at("/streams/0/streamId"));
        }
        HttpResponse<String> lost = service.send("POST", "/streams/phone/heartbeat", "", "Session-Id", session);
        assertEquals(410, lost.statusCode());
        assertEquals("replaced", json(lost).path("reason").asText());
        assertEquals(winner.at("/device/name"), json(lost).at("/successor/device/name"));
        assertTrue(json(lost)
                .path("detail")
                .asText()
                .contains(winner.at("/device/name").asText()));
    }

    @Test
    void aHundredReloadsOfOnePlayerTakeOneSlot() throws Exception {
        Map<Integer, Long> answers = atOnce(
                        100,
                        i -> putting(
                                "reload-" + i, "reload", "{\"device\":{\"id\":\"tv\"},\"asset\":{\"id\":\"film\"}}"))
                .collect(groupingBy(HttpResponse::statusCode, counting()));

        assertEquals(Map.of(201, 100L), answers);
        assertEquals(
                1,
                json(service.get("/streams", "Session-Id", session))
                        .path("active")
                        .asInt());
    }

    @Test
    void anEvictedPlayerLearnsItsSuccessor() throws Exception {
        put("phone", "oldest", "{}");

        JsonNode admitted = json(put("tv", "oldest", "{\"device\":{\"type\":\"tv\"}}"));

        assertEquals("evicted", admitted.at("/ended/0/reason").asText());
        HttpResponse<String> again =
                service.get("/watch", "Session-Id", session, "Stream-Plan", "oldest", "Stream-Id", "phone");
        assertEquals(401, again.statusCode());
        assertEquals("The stream has ended: evicted by tv. Ask for a new one.", again.body());
        assertEquals("Session realm=\"streams\"", header(again, "WWW-Authenticate"));
    }

    @Test
    void aRetryWithAnIdempotencyKeyGetsTheSameStream() throws Exception {
        HttpResponse<String> first = post("Idempotency-Key", "\"start 1\"");
        HttpResponse<String> again = post("Idempotency-Key", "\"start 1\"");
        HttpResponse<String> other = post("Idempotency-Key", "\"start 2\"");

        assertEquals(
                List.of(201, 200, 201),
                Stream.of(first, again, other).map(HttpResponse::statusCode).toList());
        assertEquals(header(first, "Stream-Id"), header(again, "Stream-Id"));
        assertNotEquals(header(first, "Stream-Id"), header(other, "Stream-Id"));
        assertFalse(header(first, "Stream-Id").contains(session));
    }

    @Test
    void anIdempotencyKeyWithAnotherBodyChangesNothing() throws Exception {
        String first = "{\"device\":{\"id\":\"tv\",\"type\":\"tv\"},\"asset\":{\"id\":\"film\"}}";
        String sameInAnotherOrder = "{\"asset\":{\"id\":\"film\"},\"device\":{\"type\":\"tv\", \"id\":\"tv\"}}";
        String other = "{\"asset\":{\"id\":\"series\"}}";
        HttpResponse<String> started = postAbout(first);
        String stream = header(started, "Stream-Id");

        HttpResponse<String> reused = postAbout(other);

        assertEquals(422, reused.statusCode());
        assertEquals(
                "urn:thezone:idempotency-key-reused", json(reused).path("type").asText());
        assertTrue(json(reused).path("detail").asText().startsWith("Idempotency-Key was first sent with another body"));
        assertEquals("film", json(listed()).at("/streams/0/asset/id").asText());
        assertEquals(200, postAbout(sameInAnotherOrder).statusCode());
        assertEquals(200, putting(stream, "three", other).join().statusCode());
        assertEquals(422, postAbout(other).statusCode(), "also after the stream has become what it asks for");
        assertEquals(422, postAbout("{\"replaces\":[\"x\"]}").statusCode());
        assertEquals(200, postAbout(first).statusCode());
        assertEquals(200, post("Idempotency-Key", "k").statusCode(), "without a body it is a retry");
        assertEquals(
                "series",
                json(listed()).at("/streams/0/asset/id").asText(),
                "which does not undo what came after the first request");
        service.send("DELETE", "/streams/" + stream, "", "Session-Id", session);
        assertEquals(422, postAbout(other).statusCode(), "also when the stream has ended");
        assertEquals(201, postAbout(first).statusCode());
    }

    @Test
    void aStreamIsStoppedByItsKey() throws Exception {
        String stream = header(post("Idempotency-Key", "k"), "Stream-Id");

        assertEquals(204, stop("/streams", "Idempotency-Key", "k").statusCode());
        assertEquals(204, stop("/streams", "Idempotency-Key", "k").statusCode());

        assertEquals(0, json(listed()).path("active").asInt());
        HttpResponse<String> lost =
                service.send("POST", "/streams/" + stream + "/heartbeat", "", "Session-Id", session);
        assertEquals("released", json(lost).path("reason").asText());
        HttpResponse<String> keyless = stop("/streams", "Stream-Id", stream);
        assertEquals(400, keyless.statusCode());
        assertTrue(json(keyless).path("detail").asText().startsWith("Idempotency-Key required"));
    }

    @Test
    void aStartThatArrivesAfterItsStopIsRefused() throws Exception {
        assertEquals(204, stop("/streams/late").statusCode());
        assertEquals(204, stop("/streams", "Idempotency-Key", "late").statusCode());

        HttpResponse<String> put = put("late", "three", "{}");
        HttpResponse<String> post = post("Idempotency-Key", "late");
        HttpResponse<String> watch = service.get("/watch", "Session-Id", session, "Stream-Id", "late");

        assertEquals(410, put.statusCode());
        assertEquals("released", json(put).path("reason").asText());
        assertEquals(410, post.statusCode());
        assertEquals(401, watch.statusCode());
        assertEquals(204, stop("/streams/late").statusCode());
        assertEquals(0, json(listed()).path("active").asInt());
    }

    @Test
    void aStreamThatAnotherDeviceStoppedCannotStartAgain() throws Exception {
        put("tv", "three", "{}");

        assertEquals(204, stop("/streams/tv?as=stopped").statusCode());

        HttpResponse<String> heartbeat = service.send("POST", "/streams/tv/heartbeat", "", "Session-Id", session);
        assertEquals(410, heartbeat.statusCode());
        assertEquals("stopped", json(heartbeat).path("reason").asText());
        assertEquals(410, put("tv", "three", "{}").statusCode());
        HttpResponse<String> watch = service.get("/watch", "Session-Id", session, "Stream-Id", "tv");
        assertEquals(401, watch.statusCode());
        assertEquals("The stream has ended: stopped. Ask for a new one.", watch.body());
        assertEquals(204, stop("/streams/tv?as=stopped").statusCode());
    }

    @Test
    void aReleasedStreamMayStartAgainAtOnce() throws Exception {
        put("tv", "three", "{}");

        assertEquals(204, stop("/streams/tv?as=released").statusCode());

        assertEquals(201, put("tv", "three", "{}").statusCode());
    }

    @Test
    void anUnknownWayToEndAStreamIsRefused() throws Exception {
        put("tv", "three", "{}");
        for (String query : List.of("as=evicted", "as=", "as", "as=STOPPED", "as=stopped&as=stopped")) {
            HttpResponse<String> answer = stop("/streams/tv?" + query);
            assertEquals(400, answer.statusCode(), query);
            assertEquals(
                    "the query as must be released or stopped, once",
                    json(answer).path("detail").asText());
        }
        assertEquals(1, json(listed()).path("active").asInt());
    }

    @Test
    void anEmptyStreamIdIsIgnored() throws Exception {
        HttpResponse<String> watch = service.get("/watch", "Session-Id", session, "Stream-Id", "");

        assertEquals(200, watch.statusCode());
        assertFalse(header(watch, "Stream-Id").isEmpty());
        assertEquals(201, post("Stream-Id", "", "Idempotency-Key", "k").statusCode());
        assertEquals(201, post("Stream-Id", "").statusCode());
        assertEquals(400, post("Idempotency-Key", "").statusCode(), "a retry would not be safe");
    }

    private HttpResponse<String> listed() throws Exception {
        return service.get("/streams", "Session-Id", session);
    }

    private HttpResponse<String> postAbout(String body) throws Exception {
        return service.send(
                "POST",
                "/streams",
                body,
                "Session-Id",
                session,
                "Idempotency-Key",
                "k",
                "Content-Type",
                "application/json");
    }

    private HttpResponse<String> stop(String path, String... headers) throws Exception {
        return service.send(
                "DELETE",
                path,
                "",
                Stream.concat(Stream.of("Session-Id", session), Stream.of(headers))
                        .toArray(String[]::new));
    }

    @Test
    void anIdempotencyKeyOfAnotherSessionIsAnotherStream() throws Exception {
        HttpResponse<String> mine = post("Idempotency-Key", "k");
        HttpResponse<String> theirs =
                service.send("POST", "/streams", "", "Session-Id", session + "-other", "Idempotency-Key", "k");

        assertNotEquals(header(mine, "Stream-Id"), header(theirs, "Stream-Id"));
    }

    @Test
    void aStreamIdAndAnIdempotencyKeyTogetherAreRefused() throws Exception {
        HttpResponse<String> answer = post("Idempotency-Key", "k", "Stream-Id", "s");

        assertEquals(400, answer.statusCode());
        assertTrue(json(answer).path("detail").asText().startsWith("send Stream-Id or Idempotency-Key, not both"));
    }

    @Test
    void aStreamCannotReplaceItself() throws Exception {
        HttpResponse<String> answer = put("a", "one", "{\"replaces\":[\"a\"]}");

        assertEquals(400, answer.statusCode());
        assertEquals(
                "replaces must not name the stream itself",
                json(answer).path("detail").asText());
    }

    @Test
    void aRefusalIsExplainedOnTheAdminPort() throws Exception {
        put("phone", "one", "{\"device\":{\"type\":\"phone\"}}");
        HttpResponse<String> refused = put("tv", "one", "{}");
        String id = header(refused, "Stream-Decision");

        HttpResponse<String> explained = service.admin("/decisions/" + id);

        assertEquals(200, explained.statusCode());
        JsonNode decision = json(explained);
        assertEquals(id, json(refused).path("decisionId").asText());
        assertEquals(id, decision.path("decisionId").asText());
        assertEquals("one", decision.at("/plan/name").asText());
        assertEquals("refuse", decision.at("/plan/whenFull").asText());
        assertEquals("limit", decision.at("/rule/name").asText());
        assertEquals(1, decision.at("/rule/limit").asInt());
        assertEquals("phone", decision.at("/rule/streams/0/streamId").asText());
        Instant started = Instant.parse(decision.at("/rule/streams/0/startedAt").asText());
        assertFalse(Instant.parse(decision.path("decidedAt").asText()).isBefore(started), "by the store's clock");
        assertFalse(explained.body().contains(session));
    }

    @Test
    void anExplanationShowsThePlanAsItIsWritten() throws Exception {
        assertEquals("false", writtenPlan("one").path("reclaimSameDevice").toString());
        assertEquals("true", writtenPlan("reload").path("reclaimSameDevice").toString());
        JsonNode zapping = writtenPlan("zapping");
        assertEquals("\"any-asset\"", zapping.path("reclaimSameDevice").toString());
        assertEquals(
                "[{\"name\":\"some\",\"limit\":5,\"where\":{\"asset.type\":[\"live\"]},\"whereNot\":{\"device.type\":[\"tv\"]},"
                        + "\"required\":false}]",
                zapping.path("rules").toString());
    }

    /** Returns the plan by which a second stream was refused. */
    private JsonNode writtenPlan(String plan) throws Exception {
        put("first", plan, "{}");
        HttpResponse<String> refused = put("second", plan, "{}");
        return json(service.admin("/decisions/" + header(refused, "Stream-Decision")))
                .path("plan");
    }

    @Test
    void anUnknownDecisionIsNotFound() throws Exception {
        for (String path : List.of("/decisions/x", "/decisions/", "/decisions")) {
            HttpResponse<String> answer = service.admin(path);
            assertEquals(404, answer.statusCode());
            assertEquals("application/problem+json", header(answer, "Content-Type"));
        }
    }

    @Test
    void aRefusalShowsWhenEachStreamWasLastSeenAndWhetherItLooksDead() throws Exception {
        JsonNode watched = json(put("phone", "one", "{}"));

        JsonNode refused = json(put("tv", "one", "{}"));

        assertEquals(watched.path("lastSeenAt"), refused.at("/streams/0/lastSeenAt"));
        assertFalse(refused.at("/streams/0/looksDead").asBoolean(true));
        assertEquals(watched.path("expiresAt"), refused.path("retryAt"));
    }

    @Test
    void aRefusalNamesTheTimeWhenEnoughStreamsWillHaveLapsed() throws Exception {
        put("a", "three", "{}");
        put("b", "three", "{}");
        JsonNode last = json(put("c", "three", "{}"));

        HttpResponse<String> refused = put("d", "one", "{}");

        assertEquals(last.path("expiresAt"), json(refused).path("retryAt"), "not when the first of three lapses");
    }

    /** A single test, because all tests share the file of plans. */
    @Test
    void plansChangeWhileTheServiceRuns() throws Exception {
        put("a", "one", "{}");
        try {
            Files.writeString(file, PLANS + "  fresh: {limit: 2}\n");
            Eventually.within(
                    WATCH_TIME, () -> put("fresh", "fresh", "{}").statusCode() < 300, () -> "the file is not watched");

            Files.writeString(file, PLANS + "  fresh: {limit: 1000}\n");
            HttpResponse<String> refused = service.adminPost("/tasks/reload-plans");
            assertEquals(400, refused.statusCode());
            assertTrue(
                    refused.body().contains("plans.yml, line 12, plans.fresh: the limit must be 1 to 100, not 1000"));
            assertEquals(200, put("fresh", "fresh", "{}").statusCode(), "the old plans stay");

            Files.writeString(file, PLANS.replace("one: {limit: 1}", "one: {limit: 2}"));
            assertEquals(
                    "in force: oldest, one, reload, three, zapping",
                    service.adminPost("/tasks/reload-plans").body().strip());
            assertEquals(
                    400,
                    service.get("/watch", "Session-Id", session, "Stream-Plan", "fresh")
                            .statusCode());
            HttpResponse<String> goesOn = put("fresh", "fresh", "{}");
            assertEquals(200, goesOn.statusCode(), "a stream of a removed plan keeps running");
            assertFalse(json(goesOn).has("limit"));
            assertEquals(
                    200,
                    service.send("POST", "/streams/fresh/heartbeat", "", "Session-Id", session, "Stream-Plan", "fresh")
                            .statusCode());
            service.send("DELETE", "/streams/fresh", "", "Session-Id", session);
            assertEquals(201, put("b", "one", "{}").statusCode());
        } finally {
            Files.writeString(file, PLANS);
            service.adminPost("/tasks/reload-plans");
        }
        assertEquals(409, put("c", "one", "{}").statusCode(), "none is added");
        assertEquals(
                200,
                service.send("POST", "/streams/b/heartbeat", "", "Session-Id", session)
                        .statusCode(),
                "those over the lowered limit live on");
    }

    private HttpResponse<String> post(String... headers) throws Exception {
        return service.send(
                "POST",
                "/streams",
                "",
                Stream.concat(Stream.of("Session-Id", session), Stream.of(headers))
                        .toArray(String[]::new));
    }

    private HttpResponse<String> put(String stream, String plan, String body) {
        return putting(stream, plan, body).join();
    }

    private CompletableFuture<HttpResponse<String>> putting(String stream, String plan, String body) {
        return service.sendAsync(
                "PUT",
                "/streams/" + stream,
                body,
                "Session-Id",
                session,
                "Stream-Plan",
                plan,
                "Content-Type",
                "application/json");
    }

    private static Stream<HttpResponse<String>> atOnce(
            int players, IntFunction<CompletableFuture<HttpResponse<String>>> player) {
        List<CompletableFuture<HttpResponse<String>>> answers =
                IntStream.range(0, players).mapToObj(player).toList();
        return answers.stream().map(CompletableFuture::join);
    }

    private static JsonNode json(HttpResponse<String> answer) throws Exception {
        return JSON.readTree(answer.body());
    }
}
