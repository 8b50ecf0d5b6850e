package io.thezone.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.rest.testing.Eventually;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A process with an exhausted heap ends and prints why, with any collector; one that recovers continues. */
class HeapWatchdogTest {
    /** Less than the lifetime of {@link HeapFiller}. */
    private static final Duration PATIENCE = Duration.ofSeconds(50);

    private static final String LINE = "thezone: the heap is spent";

    /** The exit status that a shell reports for a process killed by SIGKILL. */
    private static final int KILLED = 128 + 9;

    private static final List<String> COLLECTORS = List.of("-XX:+UseG1GC", "-XX:+UseSerialGC", "-XX:+UseParallelGC");
    private static final List<String> IN_GENERATIONS = COLLECTORS.subList(1, 3);

    private static List<Process> released;
    private static List<Process> old;

    /** Starts all processes at the same time, because they mostly wait. */
    @BeforeAll
    static void start() throws Exception {
        released = startAll(COLLECTORS, HeapFiller.RELEASE);
        old = startAll(IN_GENERATIONS, HeapFiller.OLD);
    }

    @AfterAll
    static void stop() {
        Stream.of(released, old).flatMap(List::stream).forEach(Process::destroyForcibly);
    }

    @Test
    void aHeapThatStaysFullEndsTheProcessWithOneLine() throws Exception {
        for (Process process : startAll(COLLECTORS, HeapFiller.KEEP)) {
            int status = status(process);

            List<String> output = output(process);
            assertEquals(HeapWatchdog.EXIT_STATUS, status, output::toString);
            assertEquals(1, output.size(), output::toString);
            assertTrue(output.get(0).startsWith(LINE), output::toString);
        }
    }

    /** Java may be unable to end by itself, and threads of the process may print OutOfMemoryErrors. */
    @Test
    void aHeapThatStaysFullEndsTheProcessAlsoIfManyThreadsWaitForMemory() throws Exception {
        Process process = start(COLLECTORS.get(0), HeapFiller.CROWD);
        int status = status(process);

        List<String> output = output(process);
        assertTrue(status == HeapWatchdog.EXIT_STATUS || status == KILLED, status + " " + output);
        assertEquals(1, output.stream().filter(it -> it.startsWith(LINE)).count(), output::toString);
    }

    @Test
    void aHeapThatBecameEmptySinceTheLastCollectionDoesNotEndTheProcess() throws Exception {
        for (Process process : released) {
            assertEquals(0, status(process));
        }
    }

    @Test
    void aFullOldGenerationDoesNotEndTheProcessWhileTheYoungOneHasSpace() throws Exception {
        for (Process process : old) {
            assertEquals(0, status(process));
        }
    }

    @Test
    void theShellOfTheWatchdogEndsWithTheProcess() throws Exception {
        Process process = start(COLLECTORS.get(0), HeapFiller.RELEASE);
        Eventually.within(PATIENCE, () -> process.children().findAny().isPresent(), () -> "there is none");
        ProcessHandle shell = process.children().findAny().orElseThrow();

        process.destroyForcibly();

        // A process that has ended has no command, even if it is a zombie.
        Eventually.within(PATIENCE, () -> shell.info().command().isEmpty(), () -> "it is still there: " + shell.info());
    }

    private static List<Process> startAll(List<String> collectors, String mode) throws Exception {
        List<Process> processes = new ArrayList<>();
        for (String collector : collectors) {
            processes.add(start(collector, mode));
        }
        return processes;
    }

    private static List<String> output(Process process) throws IOException {
        return new String(process.getErrorStream().readAllBytes(), UTF_8)
                .lines()
                .toList();
    }

    private static int status(Process process) throws Exception {
        if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("it is still alive");
        }
        return process.exitValue();
    }

    private static Process start(String collector, String mode) throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        collector,
                        "-cp",
                        System.getProperty("java.class.path"),
                        HeapFiller.class.getName(),
                        mode)
                .start();
    }
}
