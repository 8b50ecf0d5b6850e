package io.thezone.persistence.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

class EmbeddedServerTest {
    /** Shared by all tests, because unpacking the programs and creating the data takes seconds. */
    private static Path shared;

    private Path data;

    @BeforeAll
    static void launchForTheFirstTime(@TempDir Path directory) throws Exception {
        shared = directory;
        EmbeddedServer.launch(shared).stop();
    }

    @BeforeEach
    void useIt() {
        data = shared;
    }

    @Test
    void committedDataAreOnDisk() throws Exception {
        EmbeddedServer server = EmbeddedServer.launch(data);
        try {
            for (String setting : List.of("fsync", "synchronous_commit", "full_page_writes")) {
                assertEquals("on", Clients.ask(data, "SHOW " + setting), setting);
            }
        } finally {
            server.stop();
        }
    }

    @Test
    void dataSurviveARestart() throws Exception {
        EmbeddedServer first = EmbeddedServer.launch(data);
        keep("a stream");
        first.stop();

        EmbeddedServer second = EmbeddedServer.launch(data);
        try {
            assertEquals("a stream", kept());
        } finally {
            second.stop();
        }
    }

    @Test
    void stoppingDoesNotWaitForClientsAndLeavesNoProcessBehind() throws Exception {
        EmbeddedServer server = EmbeddedServer.launch(data);
        List<ProcessHandle> processes = processes();
        assertTrue(processes.size() > 3, "a PostgreSQL is several processes: " + processes);

        try (Connection client = Clients.connect(data)) {
            server.stop();
            assertThrows(SQLException.class, () -> Clients.run(client, "SELECT 1"));
        }

        await("every process to end", () -> processes.stream().noneMatch(EmbeddedServerTest::runs));
        assertEquals("shut down", lastShutdown());
    }

    @Test
    void aDirectoryIsUsedByOneServiceOnly() throws Exception {
        EmbeddedServer server = EmbeddedServer.launch(data);
        try {
            assertRefused();
            assertEquals("1", Clients.ask(data, "SELECT 1"));
        } finally {
            server.stop();
        }
    }

    @Test
    void aServerThatDiesIsRestartedOnTheSameAddressWithFewLogLines() throws Exception {
        EmbeddedServer server = EmbeddedServer.launch(data);
        try (LogOf log = new LogOf()) {
            keep("a stream");
            ProcessHandle postmaster = postmaster();

            assertTrue(postmaster.destroyForcibly());

            await("an answer on the same address", Duration.ofSeconds(30), () -> kept().equals("a stream"));
            assertNotEquals(postmaster.pid(), postmaster().pid());
            assertEquals(List.of(), log.atLeast(Level.ERROR));
            assertEquals(1, log.atLeast(Level.WARN).size(), () -> "one line for it: " + log.atLeast(Level.WARN));
        } finally {
            server.stop();
        }
    }

    @Test
    void aServerKeepsRunningWhenTheServiceHasNoFileDescriptorsLeft() throws Exception {
        Process service = ServerInAnotherProcess.start(data);
        try (BufferedReader output = service.inputReader()) {
            assertEquals("launched", output.readLine());
            ProcessHandle postmaster = postmaster();

            say(service, ServerInAnotherProcess.EXHAUST_FILE_DESCRIPTORS);
            String answer = output.readLine();
            assertTrue(answer.contains("Too many open files"), answer);
            assertLives(postmaster, Duration.ofSeconds(1));
            say(service, ServerInAnotherProcess.RELEASE_THEM);
            assertEquals("released", output.readLine());
            assertLives(postmaster, Duration.ofSeconds(3));

            assertEquals("1", Clients.ask(data, "SELECT 1"));
        } finally {
            service.getOutputStream().close();
            assertTrue(service.waitFor(30, TimeUnit.SECONDS));
        }
    }

    @Test
    void theServerOfAKilledServiceIsStoppedWithoutLossOfData() throws Exception {
        Process service = ServerInAnotherProcess.start(data);
        ProcessHandle orphan;
        Connection client;
        try (BufferedReader output = service.inputReader()) {
            assertEquals("launched", output.readLine());
            keep("a stream");
            assertRefused();
            orphan = postmaster();
            client = Clients.connect(data);
        } finally {
            service.destroyForcibly().waitFor();
        }
        assertTrue(runs(orphan));

        EmbeddedServer server = EmbeddedServer.launch(data);
        try (client) {
            await("the orphan to end", () -> !runs(orphan));
            assertEquals("a stream", kept());
        } finally {
            server.stop();
        }
    }

    @Test
    void theServerEndsWithTheProcess() throws Exception {
        Process service = ServerInAnotherProcess.start(data);
        try (BufferedReader output = service.inputReader()) {
            assertEquals("launched", output.readLine());
        }
        List<ProcessHandle> processes = processes();

        service.getOutputStream().close();

        assertTrue(service.waitFor(30, TimeUnit.SECONDS));
        await("every process to end", () -> processes.stream().noneMatch(EmbeddedServerTest::runs));
    }

    @Test
    void theNextStartSucceedsAfterOneThatWasKilledWhileUnpacking(@TempDir Path own) throws Exception {
        data = own;
        assertKilledStartDoesNotSpoilTheNext("programs/unpacking/lib");
    }

    @ParameterizedTest
    @ValueSource(strings = {"making-cluster/postgresql.conf", "pg_service.conf"})
    void theNextStartSucceedsAfterOneThatWasKilled(String sign, @TempDir Path own) throws Exception {
        data = own;
        UnpackedPrograms.share(shared, data);
        assertKilledStartDoesNotSpoilTheNext(sign);
    }

    private void assertKilledStartDoesNotSpoilTheNext(String sign) throws Exception {
        Process killed = ServerInAnotherProcess.start(data);
        await(sign, () -> Files.exists(data.resolve(sign)));
        killed.destroyForcibly().waitFor();

        EmbeddedServer server = EmbeddedServer.launch(data);
        try {
            keep("a stream");
        } finally {
            server.stop();
        }
    }

    private void assertRefused() {
        IllegalStateException refusal = assertThrows(IllegalStateException.class, () -> EmbeddedServer.launch(data));
        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.contains(data.toString()), message);
        assertTrue(message.contains("DATA_DIR"), message);
    }

    private static void assertLives(ProcessHandle process, Duration time) {
        assertThrows(
                TimeoutException.class,
                () -> process.onExit().get(time.toMillis(), TimeUnit.MILLISECONDS),
                "the server has ended");
    }

    private static void say(Process service, int what) throws IOException {
        service.getOutputStream().write(what);
        service.getOutputStream().flush();
    }

    private List<ProcessHandle> processes() throws IOException {
        ProcessHandle postmaster = postmaster();
        return Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
    }

    /** A zombie, as in containers without an init process: Java reports it as alive, but it has no program. */
    private static boolean runs(ProcessHandle process) {
        return process.info().command().isPresent();
    }

    private ProcessHandle postmaster() throws IOException {
        String id = Files.readAllLines(data.resolve("cluster/postmaster.pid")).get(0);
        return ProcessHandle.of(Long.parseLong(id)).orElseThrow();
    }

    /** @return the last line of the server's log, which shows whether it shut down in order */
    private String lastShutdown() throws IOException {
        try (Stream<Path> logs = Files.list(data.resolve("cluster/log"))) {
            Path log = logs.max((one, other) -> Long.compare(
                            one.toFile().lastModified(), other.toFile().lastModified()))
                    .orElseThrow();
            List<String> lines = Files.readAllLines(log);
            return lines.get(lines.size() - 1).replaceFirst(".*database system is ", "");
        }
    }

    private void keep(String value) throws IOException, SQLException {
        Clients.run(data, "DROP TABLE IF EXISTS memory", "CREATE TABLE memory AS SELECT '" + value + "' AS kept");
    }

    private String kept() throws IOException, SQLException {
        return Clients.ask(data, "SELECT kept FROM memory");
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        await(what, Duration.ofSeconds(60), condition);
    }

    /** An attempt that throws counts as false. */
    private static void await(String what, Duration time, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + time.toNanos();
        while (true) {
            try {
                if (condition.call()) {
                    return;
                }
                assertTrue(System.nanoTime() < deadline, () -> "waited " + time + " in vain for " + what);
            } catch (SQLException | IOException notYet) {
                if (System.nanoTime() > deadline) {
                    throw notYet;
                }
            }
            LockSupport.parkNanos(Duration.ofMillis(2).toNanos());
        }
    }

    /** Collects the lines that are logged while it is open. */
    private static final class LogOf implements AutoCloseable {
        private final Logger root = (Logger) LoggerFactory.getLogger(org.slf4j.Logger.ROOT_LOGGER_NAME);
        private final ListAppender<ILoggingEvent> events = new ListAppender<>();

        LogOf() {
            events.start();
            root.addAppender(events);
        }

        List<String> atLeast(Level level) {
            return List.copyOf(events.list).stream()
                    .filter(event -> event.getLevel().isGreaterOrEqual(level))
                    .map(ILoggingEvent::getFormattedMessage)
                    .toList();
        }

        @Override
        public void close() {
            root.detachAppender(events);
        }
    }
}
