package io.thezone.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * wrk, as a process of its own: so the load costs the same whatever it asks for, and shares no heap with what it measures.
 *
 * @param script load.lua, which knows the works
 * @param sessions that the works visit by turns
 */
record Load(Path script, int sessions) {
    /** Connections at which every contestant has enough to do. */
    static final int FULL = 256;

    /** Connections at which few requests wait for others. */
    static final int LIGHT = 16;

    /** So that no run meets the new sessions of another. */
    private static final AtomicLong RUNS = new AtomicLong(System.nanoTime());

    /**
     * What one run showed.
     *
     * @param seconds that it took
     * @param p50 the median latency, in microseconds
     * @param p99 in microseconds
     */
    record Result(long requests, double seconds, double p50, double p99) {
        /** Answers in a second. */
        double rate() {
            return requests / seconds;
        }
    }

    /**
     * @param first the number of the first request, which chooses the session that it is about
     * @throws IllegalStateException if an answer was an error, or for the work "refusal" if one was none
     */
    Result run(String url, String work, long first, Duration time, int connections)
            throws IOException, InterruptedException {
        Process wrk = new ProcessBuilder(
                        "wrk",
                        "--threads=1",
                        "--connections=" + connections,
                        "--duration=" + time.toSeconds() + "s",
                        "--timeout=5s",
                        "--script=" + script,
                        url,
                        "--",
                        work,
                        Long.toString(first),
                        Integer.toString(sessions),
                        Long.toString(RUNS.incrementAndGet(), Character.MAX_RADIX))
                .redirectErrorStream(true)
                .start();
        String output;
        try {
            output = new String(wrk.getInputStream().readAllBytes(), UTF_8);
        } finally {
            wrk.destroy();
        }
        List<Double> figures = output.lines()
                .filter(line -> line.startsWith("RESULT "))
                .flatMap(line -> List.of(line.split(" ", -1)).stream().skip(1).map(Double::valueOf))
                .toList();
        if (figures.isEmpty()) {
            throw new IllegalStateException("wrk told no result for " + work + " of " + url + ": " + output);
        }
        double requests = figures.get(0);
        double expected = work.equals("refusal") ? requests : 0;
        if (requests == 0 || figures.get(2) != expected || figures.get(3) > 0) {
            throw new IllegalStateException(work + " of " + url + " was not answered as expected: " + output);
        }
        return new Result((long) requests, figures.get(1) / 1e6, figures.get(4), figures.get(5));
    }

    /**
     * Asks until each session was visited; those that were asked for last, when wrk stops, are asked for again. A JVM that has
     * compiled nothing yet is not asked for too much at first.
     */
    void visitAll(String url, String work) throws IOException, InterruptedException {
        long next = 0;
        for (int i = 0; next < sessions + FULL; i++) {
            int connections = i < 2 ? LIGHT : FULL;
            next += Math.max(
                    0, run(url, work, next, Duration.ofSeconds(5), connections).requests() - connections);
        }
    }
}
