package io.thezone.bootstrap.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.base.Splitter;
import io.thezone.bootstrap.StreamServiceApplication;
import io.thezone.bootstrap.support.Java;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Runs the command line in processes: a failed command prints one line with the reason. */
class FailedStartTest {
    private static final String NOWHERE = "jdbc:postgresql://127.0.0.1:1/streams?password=hidden";
    private static final Pattern STACK = Pattern.compile("(?m)^(!|\\s+at )");

    /** The flags of the jar's manifest. */
    private static final List<String> MANIFEST_FLAGS = List.of(
            "--add-exports=java.base/jdk.internal.ref=ALL-UNNAMED",
            "--add-opens=java.base/java.lang=ALL-UNNAMED",
            "--add-opens=java.base/sun.nio.ch=ALL-UNNAMED",
            "--add-opens=java.management/sun.management=ALL-UNNAMED",
            "--add-opens=jdk.management/com.sun.management.internal=ALL-UNNAMED");

    /** The first JDK that warns about Hazelcast's use of sun.misc.Unsafe, unless it is allowed as in the README. */
    private static final int FIRST_JDK_WITH_UNSAFE_WARNING = 24;

    @TempDir
    private Path directory = Path.of("");

    private record Ended(int code, String output, List<String> errors) {}

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @CsvSource(
            delimiter = '|',
            value = {
                "server     | STREAM_LIMIT=many | quota.plans.standard.limit",
                "serve      | STREAM_LIMIT=3    | there is no command serve; there are ",
                "db drop    | STREAM_LIMIT=3    | there is no command db drop; there are calculate-checksum, clear-checksums,",
                "check      | STORE_TYPE=mysql  | store.type: mysql is not known; known are embedded-postgresql, memory,",
                "server     | ADMIN_HOST=192.0.2.1 | 192.0.2.1:0: not an address of this machine; choose another",
                "server     | ADMIN_HOST=no.such.host.invalid | no.such.host.invalid:0: no such host; choose another",
                "check      | STREAM_LIMIT=0    | quota.plans.standard: the limit must be 1 to 100, not 0",
                "check      | QUOTA_FILE=nowhere.yml | nowhere.yml does not exist (quota.file, QUOTA_FILE)",
                "db status  | STORE_TYPE=memory | db commands need store.type postgresql or embedded-postgresql",
                "server     | STORE_TYPE=postgresql | DATABASE_URL",
                "db migrate | STORE_TYPE=postgresql | the database at jdbc:postgresql://127.0.0.1:1/streams cannot be used",
            })
    void oneLineNamesTheMistake(String command, String setting, String message) throws Exception {
        assertOneLine(run(command, "../config.yml", setting), message);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aFileThatIsMissingIsNamed() throws Exception {
        assertOneLine(run("server", "elsewhere.yml", "STREAM_LIMIT=3"), "elsewhere.yml does not exist");
        assertOneLine(run("server", directory.toString(), "STREAM_LIMIT=3"), directory + " is a directory");
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void twoMistakesAreTwoLines() throws Exception {
        Ended ended = run("check", "../config.yml", "STREAM_LEASE=soon", "STORE_TYPE=mysql");

        assertEquals(2, ended.errors().size(), ended::toString);
        assertTrue(ended.errors().stream().allMatch(it -> it.startsWith("thezone: ../config.yml, line ")));
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void everyDatabaseCommandInTheHelpIsAcceptedByItsFullName() throws Exception {
        String help = run("db", "-h").output();
        String mistake = run("db drop", "../config.yml").errors().get(0);

        String accepted = mistake.replaceFirst(".*; there are ", "").replace(", ", ",");
        assertTrue(help.contains("{" + accepted + "}"), () -> accepted + " are accepted, but " + help);
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aDataDirectoryInUseIsNamed() throws Exception {
        try (FileChannel channel = FileChannel.open(
                        directory.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock held = channel.lock()) {
            assertTrue(held.isValid());
            assertOneLine(run("server", "../config.yml", "DATA_DIR=" + directory), directory + " is used by another");
        }
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aPortInUseIsReportedBeforeADatabaseStarts() throws Exception {
        Path data = directory.resolve("data");
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Ended ended = run(
                    "server",
                    "../config.yml",
                    "ADMIN_PORT=" + taken.getLocalPort(),
                    "DATA_DIR=" + data,
                    "CACHE_TYPE=none");

            assertOneLine(ended, "127.0.0.1:" + taken.getLocalPort() + ": Address already in use");
        }
        assertFalse(Files.exists(data), "the database was not even started");
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void theStackTraceIsPrintedAtDebug() throws Exception {
        Ended ended = run("db status", "../config.yml", "STORE_TYPE=memory", "LOG_LEVEL=DEBUG");

        assertEquals(1, ended.code());
        assertTrue(ended.errors().stream().anyMatch(line -> STACK.matcher(line).find()));
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    void aStartThatSucceedsPrintsNothingButItsLog() throws Exception {
        Process service = process(
                        "server",
                        "../config.yml",
                        "PORT=0",
                        "ADMIN_PORT=0",
                        "SHUTDOWN_WAIT=1ms",
                        "DATA_DIR=" + directory)
                .redirectErrorStream(true)
                .start();
        List<String> lines = new ArrayList<>();
        try (var output = service.inputReader()) {
            String line = output.readLine();
            while (line != null && !line.contains("the admin port is")) {
                lines.add(line);
                line = output.readLine();
            }
            assertTrue(line != null, () -> "it has not started: " + lines);
        } finally {
            service.toHandle().destroy();
            assertTrue(service.waitFor(90, TimeUnit.SECONDS), "it stops after SIGTERM");
        }
        assertEquals(
                List.of(),
                lines.stream()
                        .filter(line -> !line.matches("(INFO |WARN ) \\[.*\\] [\\w.]+: .*"))
                        .toList());
    }

    @Test
    @Execution(ExecutionMode.CONCURRENT)
    @Timeout(90)
    void theLastLineSaysThatItHasStopped() throws Exception {
        Process service = process(
                        "server", "../config.yml", "STORE_TYPE=memory", "CACHE_TYPE=none", "SHUTDOWN_WAIT=1ms")
                .redirectErrorStream(true)
                .start();
        List<String> lines = new ArrayList<>();
        try (var output = service.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                lines.add(line);
                if (line.contains("the admin port is")) {
                    service.toHandle().destroy();
                }
            }
        } finally {
            service.destroyForcibly();
        }
        assertTrue(lines.get(lines.size() - 1).endsWith(": stopped"), lines::toString);
    }

    @ParameterizedTest
    @Execution(ExecutionMode.CONCURRENT)
    @CsvSource({"../config.yml, ../config.yml", "'', the shipped config.yml"})
    void oneLineSaysThatAConfigurationIsValid(String file, String name) throws Exception {
        assertEquals(new Ended(0, "thezone: " + name + " is valid\n", List.of()), run("check", file));
    }

    private static void assertOneLine(Ended ended, String message) {
        assertEquals(1, ended.errors().size(), () -> "one line, not " + ended);
        assertTrue(ended.errors().get(0).startsWith("thezone: "), () -> ended.errors()
                .get(0));
        assertTrue(ended.errors().get(0).contains(message), () -> ended.errors().get(0));
        assertTrue(!ended.errors().get(0).contains("hidden"), "no error shows the password");
        assertTrue(!STACK.matcher(ended.output()).find(), ended::output);
        assertTrue(!ended.output().contains("ERROR"), ended::output);
        assertEquals(1, ended.code());
    }

    private Ended run(String command, String file, String... settings) throws Exception {
        Path output = Files.createTempFile(directory, "output", "");
        Path errors = Files.createTempFile(directory, "errors", "");
        Process process = process(command, file, settings)
                .redirectOutput(output.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            assertTrue(process.waitFor(90, TimeUnit.SECONDS), "it ends by itself");
        } finally {
            process.destroyForcibly();
        }
        return new Ended(process.exitValue(), Files.readString(output), Files.readAllLines(errors));
    }

    private static ProcessBuilder process(String command, String file, String... settings) {
        List<String> line = new ArrayList<>(MANIFEST_FLAGS);
        if (Runtime.version().feature() >= FIRST_JDK_WITH_UNSAFE_WARNING) {
            line.add("--sun-misc-unsafe-memory-access=allow");
        }
        line.addAll(List.of("-cp", System.getProperty("java.class.path"), StreamServiceApplication.class.getName()));
        line.addAll(Splitter.on(' ').splitToList(command));
        if (!file.isEmpty()) {
            line.add(file);
        }
        ProcessBuilder builder = new ProcessBuilder(Java.command(line));
        builder.environment().putAll(Map.of("PORT", "0", "ADMIN_PORT", "0", "DATABASE_URL", NOWHERE));
        for (String setting : settings) {
            List<String> parts = Splitter.on('=').limit(2).splitToList(setting);
            builder.environment().put(parts.get(0), parts.get(1));
        }
        return builder;
    }
}
