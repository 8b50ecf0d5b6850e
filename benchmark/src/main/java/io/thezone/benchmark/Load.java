package io.thezone.benchmark;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Runs wrk, or {@link GrpcLoad}, a load generator in its own process, so that it costs the same for every contestant and shares no heap with it.
 *
 * @param script load.lua, which defines the works
 * @param sessions the number of sessions that a work visits in turn
 */
record Load(Path script, int sessions) {
    /** Connections that use every contestant to capacity. */
    static final int FULL = 256;

    /** Connections that use a contestant with one thread to capacity. */
    static final int MEDIUM = 64;

    /** Connections with which few requests wait for others. */
    static final int LIGHT = 16;

    /** Part of the names of new sessions, so that runs do not share them. */
    private static final AtomicLong RUNS = new AtomicLong(System.nanoTime());

    /**
     * The result of a run.
     *
     * @param seconds the duration of the run
     * @param p50 the median latency, in microseconds
     * @param p99 in microseconds
     */
    record Result(long requests, double seconds, double p50, double p99) {
        /** @return answers per second */
        double rate() {
            return requests / seconds;
        }
    }

    /**
     * @param first the number of the first request; the number chooses the session
     * @throws IllegalStateException if an answer was an error, or, for the work "refusal", if one was not
     */
    Result run(String url, String work, long first, Duration time, int connections)
            throws IOException, InterruptedException {
        List<String> command = work.equals(GrpcLoad.WORK)
                ? GrpcLoad.command(url, first, time, connections, sessions)
                : List.of(
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
                        Long.toString(RUNS.incrementAndGet(), Character.MAX_RADIX));
        Process wrk = new ProcessBuilder(command).redirectErrorStream(true).start();
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
            throw new IllegalStateException("wrk reported no result for " + work + " of " + url + ": " + output);
        }
        double requests = figures.get(0);
        double expected = work.equals("refusal") ? requests : 0;
        if (requests == 0 || figures.get(2) != expected || figures.get(3) > 0) {
            throw new IllegalStateException(work + " of " + url + " was not answered as expected: " + output);
        }
        return new Result((long) requests, figures.get(1) / 1e6, figures.get(4), figures.get(5));
    }

    /**
     * Visits every session; repeats the last requests, which wrk aborts when it stops. Starts with a low load, because a new JVM has
     * not compiled anything yet.
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
