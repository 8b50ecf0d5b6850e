package io.thezone.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Splitter;
import io.dropwizard.testing.ConfigOverride;
import io.thezone.gateway.testing.FailingStore;
import io.thezone.gateway.testing.MapStore;
import io.thezone.rest.testing.HttpService;
import io.thezone.rest.testing.RawConnection;
import jakarta.ws.rs.Path;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.glassfish.jersey.server.model.Resource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The service behaves as openapi.yaml describes: each route and status, with its headers and members. */
class OpenApiTest {
    private static final String LARGE = "{\"profile\":\"" + "x".repeat(17_000) + "\"}";
    private static final String EVENT = "e=t,sid=\"one\",ts=1,v=2";
    private static final String JSON = "application/json";
    private static final List<String> STREAMS = List.of(
            "GET /streams",
            "POST /streams",
            "PUT /streams/{id}",
            "DELETE /streams",
            "DELETE /streams/{id}",
            "POST /streams/{id}/heartbeat",
            "POST /streams/{id}/release");

    private static RestService service;
    private static RestService failing;
    private static RestService pages;
    private static RestService impatient;
    private static OpenApi described;

    /** A request that must get this answer, as in {@code GET /watch 200}. */
    private record Probe(String answer, Callable<HttpResponse<String>> request) {
        @Override
        public String toString() {
            return answer;
        }
    }

    @BeforeAll
    static void start() throws Exception {
        service = RestService.over(new MapStore());
        failing = RestService.unwell(new FailingStore());
        pages = RestService.forPages(Set.of("https://www.example.com"), new MapStore());
        impatient = RestService.unwell(
                new FailingStore(), ConfigOverride.config("server.applicationConnectors[0].idleTimeout", "100ms"));
        described = new OpenApi(service.get("/openapi.yaml").body());
    }

    @AfterAll
    static void stop() {
        impatient.close();
        failing.close();
        pages.close();
        service.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("probes")
    void anAnswerIsAsDescribed(Probe probe) throws Exception {
        HttpResponse<String> answer = probe.request().call();

        String operation = probe.answer().substring(0, probe.answer().lastIndexOf(' '));
        assertEquals(probe.answer(), operation + " " + answer.statusCode(), answer::body);
        assertEquals(
                operation, answer.request().method() + " " + route(answer.uri().getPath()));
        described.assertDescribes(operation, answer);
    }

    @Test
    void anAnswerSaysThatSomethingMayHaveBeenSavedOnlyIfSo() throws Exception {
        String session = FailingStore.UNAVAILABLE + session();
        String listed = failing.get("/streams", "Session-Id", session).body();
        assertTrue(listed.contains("Nothing was changed"), listed);

        String stopped = failing.send("DELETE", "/streams/one", "", "Session-Id", session)
                .body();
        assertTrue(stopped.contains("may have been saved"), stopped);
    }

    @Test
    void everyDescribedAnswerIsTested() {
        Set<String> provoked = probes().map(Probe::answer).collect(Collectors.toCollection(TreeSet::new));

        assertEquals(described.answers(), provoked);
    }

    @Test
    void theHeadersAreDescribedByTheirNames() throws Exception {
        String text = service.get("/openapi.yaml").body();

        assertTrue(text.contains("name: 'Stream-Plan'"), text);
        assertTrue(text.contains("name: 'Stream-Limit'"), text);
        assertFalse(text.replace("{id}", "").matches("(?s).*\\{[a-z]+}.*"), text);
    }

    @Test
    void everyRouteOfTheServiceIsDescribed() {
        Set<String> operations = new TreeSet<>(Set.of("GET /authorize"));
        service.environment().jersey().getResourceConfig().getClasses().stream()
                .filter(type -> type.isAnnotationPresent(Path.class))
                .forEach(type -> collect("", Resource.from(type), operations));

        assertEquals(described.operations(), operations);
    }

    @ParameterizedTest
    @MethodSource("others")
    void everyOtherMethodIsNotAllowed(String operation) throws Exception {
        List<String> parts = Splitter.on(' ').splitToList(operation);
        HttpResponse<String> answer =
                service.send(parts.get(0), parts.get(1).replace("{id}", "a"), "", "Session-Id", session());

        assertEquals(405, answer.statusCode());
        assertFalse(HttpService.header(answer, "Allow").isEmpty());
        assertFalse(HttpService.header(answer, "Content-Type").contains("html"));
    }

    static Stream<String> others() {
        return described.routes().stream()
                .filter(route -> !route.equals("/authorize"))
                .flatMap(route ->
                        Stream.of("GET", "PUT", "POST", "DELETE", "PATCH").map(method -> method + " " + route))
                .filter(operation -> !described.operations().contains(operation));
    }

    static Stream<Probe> probes() {
        List<Probe> probes = new ArrayList<>();
        probes.add(new Probe("GET /watch 200", () -> service.get("/watch", "Session-Id", session())));
        probes.add(new Probe("GET /watch 200", () -> service.get("/watch", "Session-Id", session(), "Accept", JSON)));
        probes.add(new Probe("GET /watch 400", () -> service.get("/watch")));
        probes.add(new Probe("GET /watch 400", () -> service.get("/watch", "Accept", JSON)));
        probes.add(new Probe("GET /watch 401", () -> service.get("/watch", "Session-Id", full())));
        probes.add(new Probe("GET /watch 401", () -> service.get("/watch", "Session-Id", full(), "Accept", JSON)));
        probes.add(new Probe("HEAD /watch 405", () -> service.send("HEAD", "/watch", "")));
        probes.add(new Probe("OPTIONS /watch 204", () -> service.send("OPTIONS", "/watch", "")));
        probes.add(authorize(200, "Session-Id", session(), "Stream-Id", "one"));
        probes.add(new Probe(
                "GET /authorize 200",
                () -> service.get("/authorize", "Session-Id", session(), "Viewer-Method", "OPTIONS")));
        probes.add(authorize(401));
        probes.add(authorize(401, "Session-Id", "(null)", "Accept", JSON));
        probes.add(new Probe(
                "GET /authorize 403", () -> service.get("/authorize", "Session-Id", full(), "Stream-Id", "four")));
        probes.add(authorize(403, "Session-Id", session(), "Accept", JSON));
        probes.add(authorize(403, "Session-Id", session(), "Stream-Id", "one", "Stream-Plan", "gold"));
        for (String how : List.of(FailingStore.BROKEN, FailingStore.OVERLOADED, FailingStore.UNAVAILABLE)) {
            probes.add(probe("GET /authorize", 403, failing, "", "Session-Id", how + session(), "Stream-Id", "one"));
        }
        probes.add(new Probe("GET /health 200", () -> service.get("/health")));
        probes.add(new Probe("GET /health 503", () -> failing.get("/health")));
        probes.add(new Probe("GET /openapi.yaml 200", () -> service.get("/openapi.yaml")));
        probes.add(new Probe("GET /streams 200", () -> service.get("/streams", "Session-Id", full())));
        probes.add(new Probe("POST /streams 201", () -> about("POST", "/streams", session())));
        probes.add(new Probe("POST /streams 200", () -> {
            String session = full();
            return service.send("POST", "/streams", "", "Session-Id", session, "Stream-Id", "one");
        }));
        probes.add(new Probe("POST /streams 409", () -> about("POST", "/streams", full())));
        probes.add(new Probe("POST /streams 410", () -> replaced("POST", "/streams", "Stream-Id", "one")));
        probes.add(new Probe("PUT /streams/{id} 410", () -> replaced("PUT", "/streams/one")));
        probes.add(new Probe("GET /watch 401", () -> replaced("GET", "/watch", "Stream-Id", "one", "Accept", JSON)));
        probes.add(new Probe("GET /watch 401", () -> replaced("GET", "/watch", "Stream-Id", "one")));
        probes.add(new Probe("POST /streams/{id}/heartbeat 410", () -> replaced("POST", "/streams/one/heartbeat")));
        probes.add(new Probe("PUT /streams/{id} 201", () -> replacing(full(), "four")));
        for (String operation : List.of("GET /watch", "POST /streams", "PUT /streams/{id}")) {
            probes.add(probe(operation, 400, service, "", "Session-Id", session(), "Stream-Plan", "gold"));
        }
        probes.add(probe("GET /streams", 200, service, "", "Session-Id", session(), "Stream-Plan", "gold"));
        probes.add(new Probe("PUT /streams/{id} 201", () -> about("PUT", "/streams/one", session())));
        probes.add(new Probe("PUT /streams/{id} 200", () -> about("PUT", "/streams/one", full())));
        probes.add(new Probe("PUT /streams/{id} 409", () -> about("PUT", "/streams/four", full())));
        probes.add(new Probe(
                "DELETE /streams/{id} 204", () -> service.send("DELETE", "/streams/one", "", "Session-Id", full())));
        probes.add(new Probe(
                "DELETE /streams/{id} 400",
                () -> service.send("DELETE", "/streams/one?as=evicted", "", "Session-Id", session())));
        probes.add(new Probe(
                "POST /streams/{id}/release 204",
                () -> service.send("POST", "/streams/one/release", "", "Session-Id", full())));
        probes.add(new Probe(
                "POST /streams/{id}/release 204",
                () -> service.send(
                        "POST", "/streams/one/release", "{}", "Session-Id", full(), "Content-Type", "text/plain")));
        probes.add(probe("DELETE /streams", 204, service, "", "Session-Id", session(), "Idempotency-Key", "k"));
        probes.add(probe("DELETE /streams", 400, service, "", "Session-Id", session()));
        for (String operation : List.of("POST /streams", "PUT /streams/{id}", "POST /streams/{id}/heartbeat")) {
            probes.add(new Probe(operation + " 410", () -> stopped(operation, "Stream-Id", "one")));
        }
        probes.add(new Probe("GET /watch 401", () -> stopped("GET /watch", "Stream-Id", "one", "Accept", JSON)));
        probes.add(new Probe("POST /streams 422", () -> {
            String session = session();
            assertEquals(
                    201,
                    about("POST", "/streams", session, "Idempotency-Key", "k").statusCode());
            return service.send(
                    "POST",
                    "/streams",
                    "{\"profile\":\"adults\"}",
                    "Session-Id",
                    session,
                    "Idempotency-Key",
                    "k",
                    "Content-Type",
                    JSON);
        }));
        probes.add(new Probe(
                "POST /streams/{id}/heartbeat 200",
                () -> service.send("POST", "/streams/one/heartbeat", "", "Session-Id", full())));
        probes.add(new Probe(
                "POST /streams/{id}/heartbeat 410",
                () -> service.send("POST", "/streams/four/heartbeat", "", "Session-Id", full())));
        for (String operation : List.of("POST /streams", "PUT /streams/{id}")) {
            probes.add(raw(operation, 408, "Content-Length", "2"));
            probes.add(probe(operation, 413, service, LARGE, "Session-Id", session(), "Content-Type", JSON));
            probes.add(probe(operation, 400, service, "{", "Session-Id", session(), "Content-Type", JSON));
            probes.add(probe(operation, 415, service, "a=b", "Session-Id", session(), "Content-Type", "image/png"));
        }
        probes.add(raw("POST /cmcd", 408, "Content-Length", "2"));
        probes.add(cmcd(204, service, EVENT, "Session-Id", session()));
        probes.add(cmcd(400, service, EVENT));
        probes.add(cmcd(400, service, "e=t", "Session-Id", session()));
        probes.add(probe("POST /cmcd", 400, service, "", "Session-Id", session()));
        probes.add(cmcd(403, pages, EVENT, "Session-Id", session(), "Origin", "https://evil.example"));
        probes.add(cmcd(413, service, LARGE, "Session-Id", session()));
        probes.add(probe("POST /cmcd", 415, service, EVENT, "Session-Id", session(), "Content-Type", JSON));
        probes.add(cmcd(500, failing, EVENT, "Session-Id", FailingStore.BROKEN + session()));
        probes.add(cmcd(503, failing, EVENT, "Session-Id", FailingStore.OVERLOADED + session()));
        probes.add(cmcd(503, failing, EVENT, "Session-Id", FailingStore.UNAVAILABLE + session()));
        for (String operation : STREAMS) {
            probes.add(probe(operation, 400, service, ""));
            probes.add(probe(operation, 400, service, "", "Session-Id", "a b"));
            probes.add(probe(operation, 406, service, "", "Session-Id", session(), "Accept", "image/png"));
        }
        for (String operation : with(STREAMS, "GET /watch")) {
            probes.add(failure(operation, 500, FailingStore.BROKEN));
            probes.add(failure(operation, 503, FailingStore.OVERLOADED));
            probes.add(failure(operation, 503, FailingStore.UNAVAILABLE));
            probes.add(probe(operation, 403, pages, "", "Session-Id", session(), "Origin", "https://evil.example"));
        }
        for (String operation :
                with(STREAMS, "GET /watch", "GET /authorize", "GET /health", "GET /openapi.yaml", "POST /cmcd")) {
            probes.add(raw(operation, 400, "Content-Length", "many"));
            probes.add(probe(operation, 431, service, "", "Session-Id", "x".repeat(33_000)));
        }
        return probes.stream();
    }

    private static Probe authorize(int status, String... headers) {
        return probe("GET /authorize", status, service, "", headers);
    }

    private static Probe cmcd(int status, RestService at, String body, String... headers) {
        return probe(
                "POST /cmcd",
                status,
                at,
                body,
                Stream.concat(Stream.of("Content-Type", "application/cmcd"), Stream.of(headers))
                        .toArray(String[]::new));
    }

    private static Probe probe(String operation, int status, RestService at, String body, String... headers) {
        List<String> parts = Splitter.on(' ').splitToList(operation);
        return new Probe(
                operation + " " + status,
                () -> at.send(parts.get(0), parts.get(1).replace("{id}", "one"), body, headers));
    }

    /** A request that makes the store fail; it carries an idempotency key, which some operations require. */
    private static Probe failure(String operation, int status, String how) {
        return probe(operation, status, failing, "", "Session-Id", how + session(), "Idempotency-Key", "k");
    }

    /** A request that Java's HTTP client would not send: only its head, without the body. */
    private static Probe raw(String operation, int status, String... headers) {
        List<String> parts = Splitter.on(' ').splitToList(operation);
        return new Probe(operation + " " + status, () -> {
            String path = parts.get(1).replace("{id}", "one");
            try (RawConnection connection = new RawConnection(impatient.port(), parts.get(0), path, headers)) {
                return connection.answer();
            }
        });
    }

    private static HttpResponse<String> about(String method, String path, String session, String... headers)
            throws Exception {
        String body = "{\"device\":{\"id\":\"d\",\"type\":\"tv\",\"name\":\"Living room\"},\"profile\":\"kids\","
                + "\"asset\":{\"id\":\"a\",\"type\":\"live\",\"title\":\"News\",\"channel\":\"c\"}}";
        return service.send(
                method,
                path,
                body,
                Stream.concat(Stream.of("Session-Id", session, "Content-Type", JSON), Stream.of(headers))
                        .toArray(String[]::new));
    }

    private static String session() {
        return "session-" + UUID.randomUUID();
    }

    /** @return the answer for a stream that another one replaced */
    private static HttpResponse<String> replaced(String method, String path, String... headers) throws Exception {
        String session = full();
        assertEquals(201, replacing(session, "four").statusCode());
        return service.send(
                method,
                path,
                "",
                Stream.concat(Stream.of("Session-Id", session), Stream.of(headers))
                        .toArray(String[]::new));
    }

    /** @return the answer for a stream that somebody else stopped */
    private static HttpResponse<String> stopped(String operation, String... headers) throws Exception {
        String session = full();
        assertEquals(
                204,
                service.send("DELETE", "/streams/one?as=stopped", "", "Session-Id", session)
                        .statusCode());
        List<String> parts = Splitter.on(' ').splitToList(operation);
        return service.send(
                parts.get(0),
                parts.get(1).replace("{id}", "one"),
                "",
                Stream.concat(Stream.of("Session-Id", session), Stream.of(headers))
                        .toArray(String[]::new));
    }

    /** Starts a stream that replaces the first one. */
    private static HttpResponse<String> replacing(String session, String stream) throws Exception {
        String body =
                "{\"device\":{\"type\":\"tv\"},\"location\":\"home\",\"custom\":{\"a\":\"b\"},\"replaces\":[\"one\"]}";
        return service.send("PUT", "/streams/" + stream, body, "Session-Id", session, "Content-Type", JSON);
    }

    /** A session with no slot left. */
    private static String full() throws Exception {
        String session = session();
        for (String stream : List.of("one", "two", "three")) {
            assertEquals(201, about("PUT", "/streams/" + stream, session).statusCode());
        }
        return session;
    }

    private static List<String> with(List<String> operations, String... more) {
        return Stream.concat(operations.stream(), Stream.of(more)).toList();
    }

    private static String route(String path) {
        return path.replaceFirst("^/streams/[^/]+", "/streams/{id}");
    }

    private static void collect(String parent, Resource resource, Set<String> operations) {
        String path = parent + "/" + resource.getPath().replaceFirst("^/", "");
        resource.getResourceMethods().forEach(method -> operations.add(method.getHttpMethod() + " " + path));
        resource.getChildResources().forEach(child -> collect(path, child, operations));
    }
}
