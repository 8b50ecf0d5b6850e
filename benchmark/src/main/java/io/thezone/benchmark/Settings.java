package io.thezone.benchmark;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;

/**
 * The settings of a run; the properties are in benchmark/pom.xml.
 *
 * @param root the checkout, in which the jar was built
 * @param directory for data and logs of this run, on the disk of the checkout
 * @param rounds how often each contestant is measured
 * @param round the duration of each measurement
 * @param warmUp the duration of the warm-up of each contestant
 * @param jvm the settings of every JVM that is measured
 */
record Settings(Path root, Path directory, int rounds, Duration round, Duration warmUp, int sessions, String jvm) {
    /** @param jvm the name of the property with the settings of the JVMs */
    static Settings of(String root, String jvm) throws IOException {
        Path checkout = Path.of(root).toAbsolutePath().normalize();
        Path runs = Files.createDirectories(checkout.resolve("benchmark/target/runs"));
        return new Settings(
                checkout,
                Files.createTempDirectory(runs, "run-"),
                number("rounds"),
                Duration.ofSeconds(number("seconds")),
                Duration.ofSeconds(number("warmup")),
                number("sessions"),
                System.getProperty(jvm));
    }

    /** @return the machine and settings, to print before the figures */
    String caution() {
        return rounds < 3 || round.toSeconds() < 5
                ? "**A trial of the benchmark, too short for its figures to mean anything.**\n\n"
                : "";
    }

    static int number(String property) {
        return Integer.parseInt(System.getProperty(property));
    }

    Load load(int sessions) {
        return new Load(root.resolve("benchmark/src/main/lua/load.lua"), sessions);
    }
}
