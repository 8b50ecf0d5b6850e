package io.thezone.bootstrap.operation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.Sets;
import com.google.common.io.ByteStreams;
import com.hazelcast.core.Hazelcast;
import com.hazelcast.map.IMap;
import io.dropwizard.core.Application;
import io.dropwizard.testing.ConfigOverride;
import io.thezone.bootstrap.FailingService;
import io.thezone.bootstrap.StreamServiceApplication;
import io.thezone.bootstrap.StreamServiceConfiguration;
import io.thezone.bootstrap.support.RunningService;
import io.thezone.gateway.testing.FailingStore;
import io.thezone.rest.testing.Eventually;
import io.thezone.rest.testing.HttpService;
import java.io.IOException;
import java.io.Reader;
import java.net.InetAddress;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Sends a session id, which is a credential, in requests of every kind, and searches all outputs of the service for it. */
class CanaryTest {
    private static final String CANARY = "canary-" + UUID.randomUUID();
    /** A prefix of the id must not appear either. Its length is a multiple of 3, so its Base64 form is a prefix of the whole one's. */
    private static final String PART = CANARY.substring(0, 18);

    private static final String SESSION_KEY = "key-" + UUID.randomUUID();
    private static final String IDEMPOTENCY_KEY = "idempotency-" + UUID.randomUUID();
    private static final String STREAM = "stream-" + UUID.randomUUID();
    private static final String JSON = "application/json";

    /** All outputs, by the place where they were found. */
    private static final Map<String, String> EVIDENCE = new TreeMap<>();

    @BeforeAll
    static void collect(@TempDir Path data) throws Exception {
        try (RunningService service = start(StreamServiceApplication.class, data);
                RunningService failing = start(FailingService.class, data)) {
            service.up();
            readEverything(failing);
            succeed(service);
            fail(service);
            failInside(failing);
            collectDatabase(data);
            collectCache();
            for (String page : List.of("/metrics", "/healthcheck", "/threads")) {
                EVIDENCE.put("admin " + page, service.admin(page).body());
            }
            EVIDENCE.put("log", log(data));
        }
        collectFiles(data);
    }

    @Test
    void theIdAppearsOnlyInTheEchoOfWatch() {
        assertEquals(Set.of("header session-id of GET /watch"), places(PART));
    }

    @Test
    void theKeysAppearNowhere() {
        assertEquals(Set.of(), places(SESSION_KEY));
        assertEquals(Set.of(), places(IDEMPOTENCY_KEY));
    }

    @Test
    void norDoesTheIdAppearInAnEncodedForm() {
        byte[] bytes = PART.getBytes(US_ASCII);

        assertEquals(Set.of(), places(HexFormat.of().formatHex(bytes)));
        assertEquals(Set.of(), places(Base64.getEncoder().encodeToString(bytes)));
    }

    /** Checks the search itself, without which the tests above prove nothing. */
    @Test
    void theSearchFindsTextThatIsThere() {
        Set<String> stored = Set.of(
                "table active_streams",
                "table sessions",
                "cache sessions",
                "file of the database",
                "body of GET /streams");

        assertEquals(Set.of(), Sets.difference(stored, places(STREAM)));
        assertEquals(Set.of("log"), places("java.lang.UnsupportedOperationException: a defect"));
        assertTrue(places("jvm_threads").contains("admin /metrics")
                || places("# TYPE").contains("admin /metrics"));
        assertTrue(places("session-writer-0").contains("admin /threads"));
        assertEquals(Set.of("admin /healthcheck"), places("the store says it is"));
        assertEquals(Set.of("admin /decisions"), places("\"reclaimSameDevice\""));
        assertEquals(Set.of("log"), places("even this is read"));
    }

    private static void succeed(RunningService service) throws Exception {
        for (String accept : List.of("*/*", JSON, "*/*", "*/*", JSON)) {
            record(service.get("/watch", "Session-Id", CANARY, "Accept", accept));
        }
        record(service.get("/streams", "Session-Id", CANARY));
        for (int i = 0; i < 4; i++) {
            record(service.send("POST", "/streams", "", "Session-Id", CANARY));
        }
        HttpResponse<String> refused = service.send("POST", "/streams", "", "Session-Id", CANARY);
        String decision = "/decisions/" + HttpService.header(refused, "Stream-Decision");
        EVIDENCE.put("admin /decisions", service.admin(decision).body());
        for (String stream : Set.copyOf(streams(service))) {
            record(service.send("DELETE", "/streams/" + stream, "", "Session-Id", CANARY));
        }
        record(service.send(
                "PUT", "/streams/" + STREAM, "{\"profile\":\"p\"}", "Session-Id", CANARY, "Content-Type", JSON));
        record(service.send("PUT", "/streams/" + STREAM, "", "Session-Id", CANARY));
        record(service.send("POST", "/streams/" + STREAM + "/heartbeat", "", "Session-Id", CANARY));
        record(service.send("POST", "/streams/unknown/heartbeat", "", "Session-Id", CANARY));
        record(service.send("POST", "/streams", "", "Session-Id", CANARY, "Idempotency-Key", IDEMPOTENCY_KEY));
        record(service.get("/streams", "Session-Id", CANARY));
    }

    private static void fail(RunningService service) throws Exception {
        record(service.get("/" + CANARY, "Session-Id", CANARY));
        record(service.get("/streams/" + CANARY + "/nothing?session=" + CANARY, "Session-Id", CANARY));
        record(service.send("PUT", "/streams/" + CANARY + "%20", "", "Session-Id", CANARY));
        record(service.send("PATCH", "/streams", "", "Session-Id", CANARY));
        record(service.send("HEAD", "/watch", "", "Session-Id", CANARY));
        record(service.send("OPTIONS", "/watch", "", "Session-Id", CANARY));
        for (String value : List.of(CANARY + " b", CANARY + "x".repeat(250), CANARY.repeat(300))) {
            record(service.get("/watch", "Session-Id", value));
            record(service.get("/streams", "Session-Id", value));
        }
        record(service.get("/watch", "Session-Id", CANARY, "Session-Id", CANARY));
        record(service.get("/watch", "Session-Id", CANARY, "Stream-Id", CANARY + "/"));
        for (String body : List.of("{", "[]", "{\"colour\":1}", "{\"profile\":\"\\u0000\"}", "x".repeat(17_000))) {
            record(service.send("POST", "/streams", body, "Session-Id", CANARY, "Content-Type", JSON));
        }
        record(service.send("POST", "/streams", "a=b", "Session-Id", CANARY, "Content-Type", "text/plain"));
        record(service.get("/streams", "Session-Id", CANARY, "Accept", "image/png"));
        for (String header : List.of("Session-Id : " + CANARY, "Session-Id: \u0001" + CANARY, CANARY)) {
            EVIDENCE.merge("body of what cannot be parsed", raw(service, header), String::concat);
        }
    }

    private static void failInside(RunningService failing) throws Exception {
        for (String kind : List.of(FailingStore.BROKEN, FailingStore.OVERLOADED, FailingStore.UNAVAILABLE)) {
            record(failing.get("/watch", "Session-Id", kind + CANARY));
            record(failing.send("PUT", "/streams/a", "", "Session-Id", kind + CANARY));
            record(failing.get("/streams", "Session-Id", kind + CANARY));
            record(failing.send("POST", "/streams/a/heartbeat", "", "Session-Id", kind + CANARY));
            record(failing.send("DELETE", "/streams/a", "", "Session-Id", kind + CANARY));
        }
    }

    private static void record(HttpResponse<String> answer) {
        String request =
                answer.request().method() + " " + answer.uri().getPath().replace(CANARY, "…");
        EVIDENCE.merge("body of " + request, answer.body(), String::concat);
        answer.headers()
                .map()
                .forEach((name, values) ->
                        EVIDENCE.merge("header " + name + " of " + request, values.toString(), String::concat));
    }

    private static List<String> streams(RunningService service) throws Exception {
        List<String> ids = new ArrayList<>();
        new ObjectMapper()
                .readTree(service.get("/streams", "Session-Id", CANARY).body())
                .path("streams")
                .forEach(stream -> ids.add(stream.path("streamId").asText()));
        assertEquals(3, ids.size());
        return ids;
    }

    private static String raw(RunningService service, String header) throws IOException {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            socket.getOutputStream()
                    .write(("GET /watch HTTP/1.1\r\nHost: a\r\nConnection: close\r\n" + header + "\r\n\r\n")
                            .getBytes(ISO_8859_1));
            String answer = new String(ByteStreams.toByteArray(socket.getInputStream()), ISO_8859_1);
            assertTrue(answer.startsWith("HTTP/1.1 400"), answer);
            return answer;
        }
    }

    /** Collects every table and view that is not PostgreSQL's own, each row as text. */
    private static void collectDatabase(Path data) throws IOException, SQLException {
        Properties login = new Properties();
        try (Reader file = Files.newBufferedReader(data.resolve("pg_service.conf"))) {
            login.load(file);
        }
        try (Connection connection = DriverManager.getConnection(
                        "jdbc:postgresql://127.0.0.1:" + login.getProperty("port") + "/postgres", login);
                Statement statement = connection.createStatement()) {
            for (String table : rows(
                    statement,
                    "SELECT table_name FROM information_schema.tables"
                            + " WHERE table_schema NOT IN ('pg_catalog', 'information_schema')")) {
                EVIDENCE.put(
                        "table " + table,
                        rows(statement, "SELECT t::text FROM " + table + " t").toString());
            }
            EVIDENCE.put(
                    "activity",
                    rows(statement, "SELECT t::text FROM pg_stat_activity t").toString());
        }
    }

    private static List<String> rows(Statement statement, String query) throws SQLException {
        List<String> rows = new ArrayList<>();
        try (ResultSet results = statement.executeQuery(query)) {
            while (results.next()) {
                rows.add(results.getString(1));
            }
        }
        return rows;
    }

    private static void collectCache() {
        Hazelcast.getAllHazelcastInstances()
                .forEach(member -> member.getDistributedObjects().forEach(object -> {
                    if (object instanceof IMap<?, ?> map) {
                        EVIDENCE.put("cache " + map.getName(), map.entrySet().toString());
                    }
                }));
    }

    /** Collects tables, indexes, the write-ahead log and PostgreSQL's own log, as they are on disk. */
    private static void collectFiles(Path data) throws IOException {
        try (Stream<Path> files = Files.walk(data.resolve("cluster")).filter(Files::isRegularFile)) {
            for (Path file : files.toList()) {
                String content = Files.readString(file, ISO_8859_1);
                for (String needle : List.of(PART, STREAM)) {
                    if (content.contains(needle)) {
                        EVIDENCE.merge("file of the database", needle + " in " + file, String::concat);
                    }
                }
            }
        }
    }

    private static Set<String> places(String needle) {
        return EVIDENCE.entrySet().stream()
                .filter(entry -> entry.getValue().contains(needle))
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static RunningService start(Class<? extends Application<StreamServiceConfiguration>> application, Path data)
            throws Exception {
        return RunningService.start(
                application,
                ConfigOverride.config("store.dataDirectory", data.toString()),
                ConfigOverride.config("sessionKey", SESSION_KEY),
                ConfigOverride.config("logging.level", "TRACE"),
                ConfigOverride.config("logging.bytesPerSecond", "1GiB"),
                ConfigOverride.config("logging.appenders[0].type", "file"),
                ConfigOverride.config("logging.appenders[0].archive", "false"),
                ConfigOverride.config(
                        "logging.appenders[0].currentLogFilename",
                        data.resolve("service.log").toString()));
    }

    /** Sets every logger to TRACE, by the admin port and then directly. */
    private static void readEverything(RunningService service) throws Exception {
        for (String logger : List.of("ROOT", "org.eclipse.jetty", "org.glassfish.jersey", "io.dropwizard")) {
            assertEquals(
                    200,
                    service.adminPost("/tasks/log-level?level=TRACE&logger=" + logger)
                            .statusCode());
        }
        LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
        context.getLoggerList().forEach(logger -> logger.setLevel(Level.TRACE));
        LoggerFactory.getLogger(CanaryTest.class).trace("even this is read");
    }

    /** @return the log, once it is complete */
    private static String log(Path data) throws Exception {
        Path file = data.resolve("service.log");
        LoggerFactory.getLogger(CanaryTest.class).trace("this is the last line");
        Eventually.within(
                Duration.ofSeconds(20),
                () -> Files.readString(file).contains("this is the last line"),
                () -> "the log is not written");
        return Files.readString(file);
    }
}
