package io.thezone.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Locale;

/** The machine and the software of a measurement. */
final class Machine {
    private Machine() {}

    /**
     * @param load the load average before the run, which shows whether others used the machine
     * @param tool the first line of what another program says of its version
     */
    static String describe(String database, String jvm, double load, String tool)
            throws IOException, InterruptedException {
        String model;
        try (var lines = Files.lines(Path.of("/proc/cpuinfo"))) {
            model = lines.filter(line -> line.startsWith("model name"))
                    .map(line -> line.substring(line.indexOf(':') + 2))
                    .findFirst()
                    .orElse(System.getProperty("os.arch"));
        }
        return String.format(
                Locale.ROOT,
                "Measured on %s, on %d cores (%s) for everything, the load generator included; %s %s, JDK %s (`%s`),"
                        + " PostgreSQL %s with fsync on, %s, %s; load average before: %.1f.",
                LocalDate.now(ZoneOffset.UTC),
                Runtime.getRuntime().availableProcessors(),
                model,
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                Runtime.version(),
                jvm,
                database,
                firstLine("wrk", "-v"),
                tool,
                load);
    }

    static double loadAverage() {
        return ManagementFactory.getOperatingSystemMXBean().getSystemLoadAverage();
    }

    static boolean has(String program) {
        return List.of(System.getenv("PATH").split(":", -1)).stream()
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, program)));
    }

    static String firstLine(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor();
        return output.lines().findFirst().orElse("").replaceAll(" (Copyright|sha=).*", "");
    }
}
