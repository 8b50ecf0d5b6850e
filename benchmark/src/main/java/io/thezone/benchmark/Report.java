package io.thezone.benchmark;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;

/** Reports the comparison, as ratios within the run, with the goals. */
final class Report {
    /** Minimum throughput of each work, as a ratio to the empty answer. */
    private static final Map<String, Double> THROUGHPUT =
            Map.of("acquire", 0.65, "refusal", 0.75, "saved heartbeat", 0.6, "early heartbeat", 0.75);

    /** Minimum throughput, as a ratio to other contestants. */
    private static final Map<String, Double> RIVALS =
            Map.of("redis-lua", 1.4, "redisson", 2.0, "sql", 2.0, "express", 1.5);

    /** Names of the turns with {@link Load#MEDIUM} connections. */
    static final String WATCH = "`/watch`";

    static final String START = "`POST /streams`";
    static final String STOP = "`PUT` and `DELETE /streams/{id}` by turns";
    static final String FASTIFY_WATCH = WATCH + " of fastify";
    static final String FASTIFY_START = START + " of fastify";

    private static final String HEAD =
            "| work | contestant | answers in a second | p50 | p99 |\n| --- | --- | --- | --- | --- |\n";

    private final List<Goal> goals = new ArrayList<>();
    private final List<Plot.Bar> bars = new ArrayList<>();
    private final StringBuilder full = new StringBuilder(HEAD);
    private final StringBuilder few = new StringBuilder(HEAD);
    private final StringBuilder races = new StringBuilder();
    private double emptyRate;
    private double mixRequests;

    void work(String work, Map<String, List<Load.Result>> results) {
        List<Load.Result> empty = of(results, Comparison.EMPTY);
        List<Load.Result> ours = of(results, Comparison.OURS);
        Spread throughput = Spread.ratio(ours, empty, Load.Result::rate);
        if (THROUGHPUT.containsKey(work)) {
            goals.add(Goal.atLeast(work + ": throughput, of the empty answer's", THROUGHPUT.get(work), throughput));
        }
        if (work.equals("acquire")) {
            emptyRate = median(empty, Load.Result::rate);
            goals.add(
                    Goal.atMost("acquire: p99, of the empty answer's", 3, Spread.ratio(ours, empty, Load.Result::p99)));
        } else if (work.equals("mix")) {
            mixRequests = ours.stream().mapToLong(Load.Result::requests).sum();
        }
        results.forEach((name, result) -> {
            if (!name.equals(Comparison.EMPTY)) {
                full.append(row(work, name, result, empty));
                bars.add(new Plot.Bar(
                        work + ": " + name,
                        Spread.ratio(result, empty, Load.Result::rate),
                        name.equals(Comparison.OURS)));
            }
            if (RIVALS.containsKey(name)) {
                goals.add(Goal.atLeast(
                        work + ": throughput, of that of " + name,
                        RIVALS.get(name),
                        Spread.ratio(ours, result, Load.Result::rate)));
            }
        });
    }

    void light(Map<String, List<Load.Result>> results) {
        List<Load.Result> empty = of(results, Comparison.EMPTY);
        few.append(row("acquire", Comparison.OURS, of(results, Comparison.OURS), empty));
    }

    void startsAndStops(Map<String, List<Load.Result>> results) {
        Spread starts = rate(results, START, WATCH);
        Spread stops = rate(results, STOP, WATCH);
        goals.add(Goal.atLeast(with(START) + ", of that of its `/watch`", 0.85, starts));
        goals.add(Goal.atLeast(with(STOP) + ", of that of its `/watch`", 0.85, stops));
        if (results.containsKey(FASTIFY_WATCH)) {
            Spread fastifyStarts = rate(results, START, FASTIFY_START);
            goals.add(Goal.atLeast(with(WATCH) + ", of that of fastify", 1.2, rate(results, WATCH, FASTIFY_WATCH)));
            goals.add(new Goal(
                    with(START) + ", of that of fastify",
                    "at least 1.05, better 1.2",
                    fastifyStarts.toString(),
                    Goal.met(fastifyStarts.median() >= 1.05)));
        }
    }

    private static String with(String work) {
        return format("%s, %d connections: throughput", work, Load.MEDIUM);
    }

    private static Spread rate(Map<String, List<Load.Result>> results, String of, String to) {
        return Spread.ratio(of(results, of), of(results, to), Load.Result::rate);
    }

    void races(String name, Races.Result result) {
        races.append(format("| %s | %d | %d to %d |%n", name, result.exceeded(), result.least(), result.most()));
    }

    /** @param commits medians of each round, in microseconds */
    void idle(Map<String, List<Load.Result>> results, List<Double> commits) {
        double ours = median(of(results, Comparison.OURS), Load.Result::p50);
        double empty = median(of(results, Comparison.EMPTY), Load.Result::p50);
        double commit = Spread.of(commits).median();
        double inCommits = (ours - empty) / commit;
        goals.add(new Goal(
                "one request on an idle service: p50 over the empty answer's, in commits of the database",
                "at most 2",
                format(
                        "%.2f (p50 %.2f ms, empty answer %.2f ms, commit %.2f ms)",
                        inCommits, ours / 1e3, empty / 1e3, commit / 1e3),
                Goal.met(inCommits <= 2)));
    }

    void allocation(double bytes) {
        goals.add(new Goal(
                "`/watch`: allocation over the empty answer's", "reported", format("%.0f bytes a request", bytes), ""));
    }

    void wal(long bytes) {
        goals.add(new Goal(
                "saved heartbeat: log of the database, over a checkpoint",
                "reported",
                bytes + " bytes a heartbeat",
                ""));
    }

    /** @param rows the number of rows written */
    void mixSaved(long rows) {
        goals.add(new Goal("mix: rows written", "reported", format("%.2f for each request", rows / mixRequests), ""));
    }

    void writesPerHeartbeat(double writes) {
        goals.add(new Goal(
                "heartbeat at a lease of 6 heartbeats: rows written for each",
                "at most 0.25",
                format("%.3f", writes),
                Goal.met(writes <= 0.25)));
    }

    /** @param seconds from the start of the process until it was ready, on existing data */
    void start(Spread seconds, long jarBytes) {
        goals.add(new Goal("start on existing data", "4 s", seconds + " s", Goal.met(seconds.median() <= 4)));
        goals.add(new Goal("jar", "under 90 MB", format("%.0f MB", jarBytes / 1e6), Goal.met(jarBytes < 90_000_000)));
    }

    String plot() {
        return Plot.of("Answers per second, as a ratio to the empty answer (median, minimum to maximum)", bars);
    }

    String text(Settings settings, String machine) {
        return settings.caution()
                + machine
                + format(
                        """


                        Medians of %d rounds of %d s with minimum and maximum, after %d s of warm-up each; the contestants take
                        turns, and each figure is a ratio within its round. The load is wrk with one thread, new sessions or %d that
                        hold streams, and %d connections, each of which sends a request as soon as the last one is answered (a closed
                        loop). So at full load latency is mostly queueing; wrk corrects for coordinated omission by the mean interval
                        of a connection. With %d connections few requests queue. The empty answer here:
                        %.0f a second.

                        ![Throughput](performance.svg)

                        """,
                        settings.rounds(),
                        settings.round().toSeconds(),
                        settings.warmUp().toSeconds(),
                        settings.sessions(),
                        Load.FULL,
                        Load.LIGHT,
                        emptyRate)
                + Goal.table(goals)
                + "\nOf the empty answer, at full load:\n\n"
                + full
                + "\nOf the empty answer, with " + Load.LIGHT + " connections:\n\n"
                + few
                + format(
                        """

                        Races of %d starts that arrive at the same time for one new session, which may have %d streams; %d for each
                        contestant:

                        | contestant | races that admitted too many | admitted |
                        | --- | --- | --- |
                        """,
                        Races.STARTS, Races.LIMIT, Races.RACES)
                + races;
    }

    private static String row(String work, String name, List<Load.Result> results, List<Load.Result> empty) {
        return format(
                "| %s | %s | %s | %s | %s |%n",
                work,
                name,
                Spread.ratio(results, empty, Load.Result::rate),
                Spread.ratio(results, empty, Load.Result::p50),
                Spread.ratio(results, empty, Load.Result::p99));
    }

    private static List<Load.Result> of(Map<String, List<Load.Result>> results, String name) {
        return Objects.requireNonNull(results.get(name), name);
    }

    private static double median(List<Load.Result> results, ToDoubleFunction<Load.Result> figure) {
        return Spread.of(results.stream().map(figure::applyAsDouble).toList()).median();
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
