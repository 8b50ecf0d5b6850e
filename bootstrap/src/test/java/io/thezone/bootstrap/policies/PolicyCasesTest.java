package io.thezone.bootstrap.policies;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropwizard.testing.ConfigOverride;
import io.thezone.bootstrap.DocumentedPlans;
import io.thezone.bootstrap.StreamServiceApplication;
import io.thezone.bootstrap.support.RunningService;
import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.Attributes;
import io.thezone.domain.EndedStream;
import io.thezone.domain.Lease;
import io.thezone.domain.Session;
import io.thezone.domain.StreamId;
import io.thezone.domain.StreamQuota;
import io.thezone.domain.StreamRequest;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The domain and the service answer as docs/policy-cases.md says for the plans of docs/policies.md. */
class PolicyCasesTest {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String LIMIT = "Stream-Limit";

    /** Shorter than 2.5 heartbeats, so that every heartbeat is saved and updates the time at which a stream was last seen. */
    private static final Lease LEASE = new Lease(Duration.ofSeconds(70), Duration.ofSeconds(30));

    private static Map<String, StreamQuota> plans;
    private static RunningService service;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        plans = DocumentedPlans.all(directory);
        service = RunningService.start(
                        StreamServiceApplication.class,
                        ConfigOverride.config(
                                "store.dataDirectory", directory.resolve("data").toString()),
                        ConfigOverride.config(
                                "quota.file", DocumentedPlans.file(directory).toString()),
                        ConfigOverride.config("quota.limitHeader", LIMIT),
                        ConfigOverride.config("streams.lease", LEASE.duration().toSeconds() + "s"),
                        ConfigOverride.config(
                                "streams.heartbeat", LEASE.heartbeat().toSeconds() + "s"))
                .up();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    static List<PolicyCase> cases() throws IOException {
        return PolicyCase.all();
    }

    @Test
    void eachDocumentedPlanHasCases() throws Exception {
        assertEquals(
                plans.keySet().stream().filter(name -> !name.equals("standard")).collect(toSet()),
                cases().stream().map(PolicyCase::plan).collect(toSet()));
        assertTrue(cases().size() >= 60);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void theDomainDecides(PolicyCase example) {
        StreamQuota named = Objects.requireNonNull(plans.get(example.plan()), "the page has no such plan");
        StreamQuota plan = example.limit().map(named::withLimit).orElse(named);
        Session session = Session.EMPTY;
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        for (PolicyCase.Step step : example.watching()) {
            now = now.plusSeconds(1);
            StreamId id = new StreamId(step.id());
            session = switch (step.verb()) {
                case STARTS -> {
                    var started = session.acquire(request(step), plan, LEASE, now);
                    assertTrue(answer(started.outcome()).startsWith("admitted"), () -> step + " is watched already");
                    yield started.next();
                }
                case IS_RENEWED -> session.renew(id, LEASE, now).next();
                case STOPS -> session.release(id, now).next();
                case IS_STOPPED -> session.stop(id, now).next();
            };
        }

        assertEquals(
                example.answer(),
                answer(session.acquire(request(example.asks()), plan, LEASE, now.plusSeconds(1))
                        .outcome()));
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cases")
    void theServiceAnswers(PolicyCase example) throws Exception {
        String session = "session-" + UUID.randomUUID();
        for (PolicyCase.Step step : example.watching()) {
            HttpResponse<String> done = send(example, session, step);
            assertTrue(done.statusCode() < 300, () -> step + ": " + done.body());
        }

        HttpResponse<String> answer = send(example, session, example.asks());

        assertEquals(example.answer(), answer(answer), answer::body);
    }

    private static StreamRequest request(PolicyCase.Step step) {
        return new StreamRequest(
                new StreamId(step.id()),
                new Attributes(step.attributes()),
                step.replaces().stream().map(StreamId::new).collect(toSet()));
    }

    private static String answer(AcquireOutcome outcome) {
        if (outcome instanceof AcquireOutcome.Admitted admitted) {
            return granted("admitted", ids(admitted.ended()));
        }
        if (outcome instanceof AcquireOutcome.Renewed renewed) {
            return granted("renewed", ids(renewed.ended()));
        }
        if (outcome instanceof AcquireOutcome.Refused refused) {
            return refused(
                    refused.rule().name(),
                    refused.rule().streams().stream()
                            .map(stream -> stream.id().value())
                            .toList());
        }
        if (outcome instanceof AcquireOutcome.Lost lost) {
            EndedStream end = lost.end();
            return gone(
                    end.reason().name().toLowerCase(Locale.ROOT),
                    end.successor().map(it -> it.id().value()).orElse(""));
        }
        if (outcome instanceof AcquireOutcome.Incomplete incomplete) {
            return "needs " + incomplete.missing().attribute();
        }
        throw new AssertionError("no case has a plan that is not known: " + outcome);
    }

    private static String answer(HttpResponse<String> answer) throws IOException {
        JsonNode body = JSON.readTree(answer.body());
        return switch (answer.statusCode()) {
            case 201 -> granted("admitted", ids(body.path("ended")));
            case 200 -> granted("renewed", ids(body.path("ended")));
            case 409 -> refused(body.path("rule").asText(), ids(body.path("streams")));
            case 410 ->
                gone(
                        body.path("reason").asText(),
                        body.at("/successor/streamId").asText());
            case 400 -> "needs " + body.path("attribute").asText();
            default -> "status " + answer.statusCode();
        };
    }

    private static String granted(String how, Collection<String> ended) {
        return ended.isEmpty() ? how : how + ", ends " + String.join(", ", ended);
    }

    private static String gone(String reason, String successor) {
        return "gone: " + reason + (successor.isEmpty() ? "" : " by " + successor);
    }

    private static String refused(String rule, Collection<String> streams) {
        return "refused by " + rule + (streams.isEmpty() ? "" : ": " + String.join(", ", streams));
    }

    private static List<String> ids(List<EndedStream> ended) {
        return ended.stream().map(end -> end.id().value()).toList();
    }

    private static List<String> ids(JsonNode streams) {
        return StreamSupport.stream(streams.spliterator(), false)
                .map(stream -> stream.path("streamId").asText())
                .toList();
    }

    private static HttpResponse<String> send(PolicyCase example, String session, PolicyCase.Step step)
            throws Exception {
        String path = "/streams/" + step.id();
        return switch (step.verb()) {
            case STARTS -> service.send("PUT", path, body(step).toString(), headers(example, session));
            case IS_RENEWED -> service.send("POST", path + "/heartbeat", "", "Session-Id", session);
            case STOPS -> service.send("DELETE", path, "", "Session-Id", session);
            case IS_STOPPED -> service.send("DELETE", path + "?as=stopped", "", "Session-Id", session);
        };
    }

    private static String[] headers(PolicyCase example, String session) {
        List<String> headers = new ArrayList<>(List.of("Session-Id", session, "Stream-Plan", example.plan()));
        example.limit().ifPresent(limit -> headers.addAll(List.of(LIMIT, limit.toString())));
        headers.addAll(List.of("Content-Type", "application/json"));
        return headers.toArray(String[]::new);
    }

    private static ObjectNode body(PolicyCase.Step step) {
        ObjectNode body = JSON.createObjectNode();
        step.attributes().forEach((name, value) -> {
            int dot = name.indexOf('.');
            if (dot < 0) {
                body.put(name, value);
            } else {
                body.withObject("/" + name.substring(0, dot)).put(name.substring(dot + 1), value);
            }
        });
        step.replaces().forEach(body.putArray("replaces")::add);
        return body;
    }
}
