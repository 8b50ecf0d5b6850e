package io.thezone.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dropwizard.testing.ConfigOverride;
import io.thezone.bootstrap.support.RunningService;
import io.thezone.rest.testing.Eventually;
import io.thezone.rest.testing.RawConnection;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whatever clients send, the log grows slowly, and the lines of the service itself are never dropped. */
class LogFloodTest {
    /** Enough for all lines that this test writes in the name of the service. */
    private static final long BYTES_PER_SECOND = 64 * 1024;
    /** Room for the service's own lines, and for the line that exceeded the budget. */
    private static final long TOLERANCE = 16 * 1024;

    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final int SERVICE_LINES = 50;
    private static final Logger SERVICE = LoggerFactory.getLogger("io.thezone.bootstrap.Ours");
    private static final Logger LIBRARY = LoggerFactory.getLogger("org.eclipse.jetty.server.Something");

    private static Path log;
    private static RunningService service;

    @BeforeAll
    static void start(@TempDir Path directory) throws Exception {
        log = directory.resolve("service.log");
        service = RunningService.start(
                        StreamServiceApplication.class,
                        ConfigOverride.config("store.type", "memory"),
                        ConfigOverride.config("cache.type", "none"),
                        ConfigOverride.config("logging.bytesPerSecond", BYTES_PER_SECOND + "B"),
                        ConfigOverride.config("logging.appenders[0].type", "file"),
                        ConfigOverride.config("logging.appenders[0].archive", "false"),
                        ConfigOverride.config("logging.appenders[0].logFormat", "%level %logger: %msg%n%ex"),
                        ConfigOverride.config("logging.appenders[0].currentLogFilename", log.toString()))
                .up();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void aFloodOfMalformedRequestsGivesABoundedLogAndSuppressesNoLineOfTheService() throws Exception {
        service.adminPost("/tasks/log-level?logger=org.eclipse.jetty.util.HostPort&level=WARN");
        long start = System.nanoTime();
        long before = Files.size(log);

        AtomicBoolean enough = new AtomicBoolean();
        CompletableFuture<?>[] clients = IntStream.range(0, 2)
                .mapToObj(i -> CompletableFuture.runAsync(() -> sendBadHosts(enough)))
                .toArray(CompletableFuture[]::new);
        Eventually.within(PATIENCE, () -> logged(" log lines were left out: more than 65536 bytes"), LogFloodTest::log);
        for (int i = 0; i < SERVICE_LINES; i++) {
            SERVICE.info("own line {}", i);
            service.get("/watch", "Session-Id", "session-" + i % 3);
        }
        enough.set(true);
        CompletableFuture.allOf(clients).join();
        Eventually.within(PATIENCE, () -> logged("own line " + (SERVICE_LINES - 1)), LogFloodTest::log);

        long seconds = 1 + Duration.ofNanos(System.nanoTime() - start).toSeconds();
        long grown = Files.size(log) - before;
        assertTrue(grown < (seconds + 1) * BYTES_PER_SECOND + TOLERANCE, () -> grown + " bytes in " + seconds + " s");
        for (int i = 0; i < SERVICE_LINES; i++) {
            assertTrue(logged("INFO io.thezone.bootstrap.Ours: own line " + i), "a line of ours is missing");
        }
    }

    @Test
    void aMessageIsOneLineOfLimitedLengthWithoutControlCharacters() throws Exception {
        SERVICE.warn(
                "begin {}{} end",
                "a\nERROR b\r\u001b[2J\u0085\u009b\u2028\u2029\u202e\u2066\ud800|\t",
                "x".repeat(7_900));

        Eventually.within(PATIENCE, () -> logged("begin "), LogFloodTest::log);
        String line = lines().filter(it -> it.contains("begin ")).findAny().orElseThrow();
        assertTrue(
                line.startsWith("WARN io.thezone.bootstrap.Ours: begin a\\u000aERROR b\\u000d\\u001b[2J\\u0085\\u009b"
                        + "\\u2028\\u2029\\u202e\\u2066\\ud800|\\u0009xxx"),
                line);
        assertTrue(line.matches(".*x\\.\\.\\. 69\\d\\d more characters"), line);
    }

    @Test
    void aStackTraceIsTruncatedAndNoneOfItsLinesLooksLikeAMessage() throws Exception {
        SERVICE.warn("deep", thrownAt(900));
        SERVICE.warn("after it");
        Eventually.within(PATIENCE, () -> logged("after it"), LogFloodTest::log);

        List<String> trace = lines().dropWhile(line -> !line.equals("WARN io.thezone.bootstrap.Ours: deep"))
                .skip(1)
                .takeWhile(line -> !line.startsWith("WARN io.thezone.bootstrap."))
                .toList();
        assertEquals("! java.lang.IllegalStateException: first", trace.get(0));
        assertEquals("! ERROR forged: line\\u001b", trace.get(1));
        assertTrue(String.join("\n", trace).length() <= BoundedLayout.MAX_EVENT + 100, "it is long");
        assertTrue(trace.stream().allMatch(line -> line.startsWith("!") || line.startsWith("\t")), trace::toString);
    }

    @Test
    void linesOfLibrariesBelowInfoAreDroppedAndThatIsReportedOnce() throws Exception {
        service.adminPost("/tasks/log-level?logger=org.eclipse.jetty&level=TRACE");
        for (int i = 0; i < 2; i++) {
            LIBRARY.debug("a header");
            LIBRARY.warn("a warning {}", i);
            int round = i;
            Eventually.within(PATIENCE, () -> logged("a warning " + round), LogFloodTest::log);
        }
        service.adminPost("/tasks/log-level?logger=org.eclipse.jetty&level=WARN");

        Eventually.within(PATIENCE, () -> logged("below INFO only io.thezone"), LogFloodTest::log);
        assertEquals(
                1,
                lines().filter(line -> line.contains("below INFO only io.thezone"))
                        .count());
        assertEquals(0, lines().filter(line -> line.contains("a header")).count());
    }

    @Test
    void whatQuotesAClientIsNotWrittenEvenIfItsLevelSaysSo() throws Exception {
        Logger quoting = LoggerFactory.getLogger("io.grpc.netty.NettyServerTransport.connections");
        service.adminPost("/tasks/log-level?logger=io.grpc.netty&level=INFO");

        quoting.warn("Unexpected HTTP/1.x request: GET /quoted");
        quoting.error("an error of gRPC");

        Eventually.within(PATIENCE, () -> logged("an error of gRPC"), LogFloodTest::log);
        assertEquals(0, lines().filter(line -> line.contains("/quoted")).count());
    }

    private static void sendBadHosts(AtomicBoolean enough) {
        String host = "[" + "x".repeat(7_900);
        while (!enough.get()) {
            try (RawConnection connection = RawConnection.to(service.port(), host, "GET", "/watch")) {
                assertEquals(400, connection.answer().statusCode());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    private static Throwable thrownAt(int depth) {
        return depth == 0 ? new IllegalStateException("first\nERROR forged: line\u001b") : thrownAt(depth - 1);
    }

    private static boolean logged(String part) throws IOException {
        return written().contains(part);
    }

    private static Stream<String> lines() throws IOException {
        return written().lines();
    }

    private static String log() {
        try {
            return written();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** @return the complete lines of the log */
    private static String written() throws IOException {
        String text = Files.readString(log);
        return text.substring(0, text.lastIndexOf('\n') + 1);
    }
}
