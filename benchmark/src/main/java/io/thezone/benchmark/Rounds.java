package io.thezone.benchmark;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Measures contestants in turn, so that disturbances of the machine affect all of them. */
final class Rounds {
    private static final Duration SLICE = Duration.ofSeconds(10);
    private static final Duration FIRST = Duration.ofSeconds(3);

    private final Load load;
    private final int rounds;
    private final Duration round;

    /** The number of requests sent so far, by work and address, so that each run continues where the last one ended. */
    private final Map<String, Long> asked = new HashMap<>();

    Rounds(Load load, int rounds, Duration round) {
        this.load = load;
        this.rounds = rounds;
        this.round = round;
    }

    /**
     * Warms up, starting with a low load, because a new JVM has not compiled anything yet.
     *
     * @param time for each contestant
     */
    void warmUp(String work, Map<String, String> urls, Duration time) throws IOException, InterruptedException {
        for (String url : urls.values()) {
            run(url, work, FIRST, Load.LIGHT);
        }
        for (Duration left = time; !left.isZero() && !left.isNegative(); left = left.minus(SLICE)) {
            for (String url : urls.values()) {
                run(url, work, left.compareTo(SLICE) < 0 ? left : SLICE, Load.FULL);
            }
        }
    }

    /** A work that is measured once in each round, under its own name. */
    record Turn(String name, String work, String url) {}

    /** @return the results of each contestant by round; each round begins with another contestant */
    Map<String, List<Load.Result>> measure(String work, Map<String, String> urls, int connections)
            throws IOException, InterruptedException {
        return measure(
                urls.entrySet().stream()
                        .map(contestant -> new Turn(contestant.getKey(), work, contestant.getValue()))
                        .toList(),
                connections);
    }

    /** @return the results by the name of the turn and by round; each round begins with another turn */
    Map<String, List<Load.Result>> measure(List<Turn> turns, int connections) throws IOException, InterruptedException {
        Map<String, List<Load.Result>> results = new LinkedHashMap<>();
        turns.forEach(turn -> results.put(turn.name(), new ArrayList<>()));
        List<Turn> order = new ArrayList<>(turns);
        for (int i = 0; i < rounds; i++) {
            for (Turn turn : order) {
                Load.Result result = run(turn.url(), turn.work(), round, connections);
                results.computeIfAbsent(turn.name(), it -> new ArrayList<>()).add(result);
                System.out.printf(
                        Locale.ROOT,
                        "%s %s, %d connections: %.0f/s, p50 %.1f ms, p99 %.1f ms%n",
                        turn.work(),
                        turn.name(),
                        connections,
                        result.rate(),
                        result.p50() / 1e3,
                        result.p99() / 1e3);
            }
            Collections.rotate(order, 1);
        }
        return results;
    }

    Load.Result run(String url, String work, Duration time, int connections) throws IOException, InterruptedException {
        String key = work + " " + url;
        long first = asked.getOrDefault(key, 0L);
        Load.Result result = load.run(url, work, first, time, connections);
        asked.put(key, first + result.requests());
        return result;
    }
}
