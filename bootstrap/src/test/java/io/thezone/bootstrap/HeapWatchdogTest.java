package io.thezone.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A process whose heap is spent ends and says why, whatever collects it; one that recovers goes on. */
class HeapWatchdogTest {
    private static final long PATIENCE_SECONDS = 60;

    private static final List<String> COLLECTORS = List.of("-XX:+UseG1GC", "-XX:+UseSerialGC", "-XX:+UseParallelGC");

    @Test
    void aHeapThatStaysFullEndsTheProcessWithOneLine() throws Exception {
        for (Process process : startAll(HeapFiller.KEEP)) {
            int status = status(process);

            List<String> said = new String(process.getErrorStream().readAllBytes(), UTF_8)
                    .lines()
                    .toList();
            assertEquals(HeapWatchdog.EXIT_STATUS, status, said::toString);
            assertEquals(1, said.size(), said::toString);
            assertTrue(said.get(0).startsWith("thezone: the heap is spent"), said::toString);
        }
    }

    @Test
    void aHeapThatIsEmptyAgainWithoutACollectionSinceEndsNothing() throws Exception {
        for (Process process : startAll(HeapFiller.RELEASE)) {
            assertEquals(0, status(process));
        }
    }

    private static List<Process> startAll(String mode) throws Exception {
        List<Process> processes = new ArrayList<>();
        for (String collector : COLLECTORS) {
            processes.add(start(collector, mode));
        }
        return processes;
    }

    private static int status(Process process) throws Exception {
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
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
