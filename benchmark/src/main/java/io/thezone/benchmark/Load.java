package io.thezone.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** wrk, as a process of its own: so the load costs the same whatever it asks for, and shares no heap with what it measures. */
record Load(String url, String script, int connections) {

    /**
     * What one round showed.
     *
     * @param rate answers in a second
     * @param p50 the median latency, in microseconds
     * @param p99 in microseconds
     */
    record Result(double rate, long p50, long p99) {}

    /** @throws IllegalStateException if any answer was no success: a round with errors shows nothing */
    Result run(String path, Duration time) throws IOException, InterruptedException {
        List<String> command = List.of(
                "wrk",
                "--threads=1",
                "--connections=" + connections,
                "--duration=" + time.toSeconds() + "s",
                "--script=" + script,
                url,
                "--",
                path);
        Process wrk = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(wrk.getInputStream().readAllBytes(), UTF_8);
        if (wrk.waitFor() != 0) {
            throw new IllegalStateException("wrk failed: " + output);
        }
        String[] figures = output.lines()
                .filter(line -> line.startsWith("RESULT "))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("wrk told no result: " + output))
                .split(" ", -1);
        if (Long.parseLong(figures[3]) > 0) {
            throw new IllegalStateException(figures[3] + " answers of " + path + " were no success: " + output);
        }
        double seconds = Long.parseLong(figures[2]) / 1e6;
        return new Result(Long.parseLong(figures[1]) / seconds, Long.parseLong(figures[4]), Long.parseLong(figures[5]));
    }
}
