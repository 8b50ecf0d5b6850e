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
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.PathMatcher;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
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
    /** For the servers of this process: the library unpacks PostgreSQL once in a process, into the first one's directory. */
    private static Path shared;

    private Path data;

    @BeforeAll
    static void directory(@TempDir Path directory) {
        shared = directory;
    }

    @BeforeEach
    void useIt() {
        data = shared;
    }

    @ParameterizedTest
    @ValueSource(strings = {"fsync", "synchronous_commit", "full_page_writes"})
    void whatIsCommittedIsOnDisk(String setting) throws Exception {
        EmbeddedServer server = EmbeddedServer.launch(data);
        try {
            assertEquals("on", ask(server, "SHOW " + setting));
        } finally {
            server.stop();
        }
    }

    @Test
    void dataSurviveAStop() throws Exception {
        EmbeddedServer first = EmbeddedServer.launch(data);
        keep(first.url(), "a stream");
        first.stop();

        EmbeddedServer second = EmbeddedServer.launch(data);
        try {
            assertEquals("a stream", ask(second, "SELECT kept FROM memory"));
        } finally {
            second.stop();
        }
    }

    @Test
    void stoppingLeavesNoProcessBehind() throws Exception {
        EmbeddedServer server = EmbeddedServer.launch(data);
        List<ProcessHandle> processes = processes();
        assertTrue(processes.size() > 3, "a PostgreSQL is several processes: " + processes);

        server.stop();

        await("every process to end", () -> processes.stream().noneMatch(ProcessHandle::isAlive));
    }

    @Test
    void aDirectoryIsUsedByOneServiceOnly() throws Exception {
        EmbeddedServer server = EmbeddedServer.launch(data);
        try {
            assertRefused();
            assertEquals("1", ask(server, "SELECT 1"));
        } finally {
            server.stop();
        }
    }

    @Test
    void aServerThatDiesAloneIsStartedAgainQuietlyOnTheSameAddress() throws Exception {
        EmbeddedServer server = EmbeddedServer.launch(data);
        try (LogOf log = new LogOf()) {
            keep(server.url(), "a stream");
            ProcessHandle postmaster = postmaster();

            assertTrue(postmaster.destroyForcibly());

            await("an answer on the same address", Duration.ofSeconds(5), () -> ask(server, "SELECT kept FROM memory")
                    .equals("a stream"));
            assertNotEquals(postmaster.pid(), postmaster().pid());
            assertEquals(List.of(), log.atLeast(Level.ERROR));
            assertEquals(1, log.atLeast(Level.WARN).size(), () -> "one line for it: " + log.atLeast(Level.WARN));
        } finally {
            server.stop();
        }
    }

    @Test
    void theServerOfAKilledServiceIsStoppedAndItsDataAreKept(@TempDir Path own) throws Exception {
        data = own;
        Process service = ServerInAnotherProcess.start(data);
        ProcessHandle orphan;
        try (BufferedReader output = service.inputReader()) {
            keep(output.readLine(), "a stream");
            assertRefused();
            orphan = postmaster();
        } finally {
            service.destroyForcibly().waitFor();
        }
        assertTrue(orphan.isAlive());

        EmbeddedServer server = EmbeddedServer.launch(data);
        try {
            await("the orphan to end", () -> !orphan.isAlive());
            assertEquals("a stream", ask(server, "SELECT kept FROM memory"));
        } finally {
            server.stop();
        }
    }

    @Test
    void aProcessThatEndsTakesTheServerWithIt(@TempDir Path own) throws Exception {
        data = own;
        Process service = ServerInAnotherProcess.start(data);
        try (BufferedReader output = service.inputReader()) {
            output.readLine();
        }
        List<ProcessHandle> processes = processes();

        service.getOutputStream().close();

        assertTrue(service.waitFor(30, TimeUnit.SECONDS));
        await("every process to end", () -> processes.stream().noneMatch(ProcessHandle::isAlive));
    }

    @ParameterizedTest
    @ValueSource(strings = {"programs/PG-*/lib", "cluster/postgresql.conf"})
    void aFirstStartThatWasKilledDoesNotSpoilTheNext(String sign, @TempDir Path own) throws Exception {
        data = own;
        Process killed = ServerInAnotherProcess.start(data);
        await(sign, () -> exists(sign));
        killed.destroyForcibly().waitFor();
        await("its helpers to end", () -> ProcessHandle.allProcesses().noneMatch(this::isOurs));

        Process service = ServerInAnotherProcess.start(data);
        try (BufferedReader output = service.inputReader()) {
            keep(output.readLine(), "a stream");
        } finally {
            service.getOutputStream().close();
            service.waitFor();
        }
    }

    private void assertRefused() {
        IllegalStateException refusal = assertThrows(IllegalStateException.class, () -> EmbeddedServer.launch(data));
        String message = String.valueOf(refusal.getMessage());
        assertTrue(message.contains(data.toString()), message);
        assertTrue(message.contains("DATA_DIR"), message);
    }

    private List<ProcessHandle> processes() throws IOException {
        ProcessHandle postmaster = postmaster();
        return Stream.concat(Stream.of(postmaster), postmaster.descendants()).toList();
    }

    private ProcessHandle postmaster() throws IOException {
        String id = Files.readAllLines(data.resolve("cluster/postmaster.pid")).get(0);
        return ProcessHandle.of(Long.parseLong(id)).orElseThrow();
    }

    private boolean exists(String glob) throws IOException {
        PathMatcher matcher = FileSystems.getDefault().getPathMatcher("glob:" + data + "/" + glob);
        try (Stream<Path> paths = Files.find(data, 3, (path, attributes) -> matcher.matches(path))) {
            return paths.findAny().isPresent();
        }
    }

    /** The other process unpacked PostgreSQL into its own directory. */
    private boolean isOurs(ProcessHandle process) {
        return process.info().command().orElse("").startsWith(data.toString());
    }

    private static void keep(String url, String value) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url, "postgres", "");
                Statement statement = connection.createStatement()) {
            statement.execute("DROP TABLE IF EXISTS memory");
            statement.execute("CREATE TABLE memory AS SELECT '" + value + "' AS kept");
        }
    }

    private static String ask(EmbeddedServer server, String question) throws SQLException {
        try (Connection connection = DriverManager.getConnection(server.url(), server.user(), "");
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(question)) {
            assertTrue(rows.next());
            return rows.getString(1);
        }
    }

    private static void await(String what, Callable<Boolean> condition) throws Exception {
        await(what, Duration.ofSeconds(60), condition);
    }

    /** An attempt that throws says only: not yet. */
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

    /** What is logged while it is open. */
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
