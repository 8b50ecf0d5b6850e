package io.thezone.benchmark;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Compares the processor time per request of this build with that of another jar. Three services take turns: the other jar twice
 * (the difference between those two is noise) and this build. The processes of PostgreSQL count as part of their service.
 */
public final class Overhead {
    private final Settings settings;
    private final Path baseline;
    private final Load load;
    private final List<String> rows = new ArrayList<>();

    private Overhead(Settings settings, Path baseline) {
        this.settings = settings;
        this.baseline = baseline;
        this.load = settings.load(settings.sessions());
    }

    /** @param args the root of the checkout; the other jar is named by the property {@code baseline} */
    public static void main(String[] args) throws Exception {
        Settings settings = Settings.of(args[0], "jvm");
        Overhead overhead = new Overhead(settings, Path.of(System.getProperty("baseline")));
        overhead.measure("early", Comparison.EARLY_HEARTBEATS, List.of("acquire", "refusal", "heartbeat"));
        overhead.measure("saved", Comparison.ALWAYS_SAVED, List.of("heartbeat"));
        System.out.println("| work | µs a request, baseline | noise | this build |\n| --- | --- | --- | --- |");
        overhead.rows.forEach(System.out::println);
        MoreFiles.deleteRecursively(settings.directory(), RecursiveDeleteOption.ALLOW_INSECURE);
    }

    private void measure(String kind, Map<String, String> environment, List<String> works) throws Exception {
        try (Service first = Service.start(settings, baseline, kind + "-baseline", environment);
                Service again = Service.start(settings, baseline, kind + "-again", environment);
                Service built = Service.start(settings, Service.jar(settings), kind + "-this", environment)) {
            List<Service> services = List.of(first, again, built);
            for (Service service : services) {
                load.visitAll(service.url(), "fill");
            }
            for (String work : works) {
                compare(kind + " " + work, work, services);
            }
        }
    }

    private void compare(String title, String work, List<Service> services) throws IOException, InterruptedException {
        Rounds rounds = new Rounds(load, settings.rounds(), settings.round());
        List<Contestant> contestants = services.stream().map(Contestant::new).toList();
        for (Service service : services) {
            rounds.warmUp(work, Map.of(title, service.url()), settings.warmUp());
        }
        List<Contestant> order = new ArrayList<>(contestants);
        for (int i = 0; i < settings.rounds(); i++) {
            for (Contestant contestant : order) {
                contestant.ask(rounds, work, settings.round());
            }
            Collections.rotate(order, 1);
        }
        List<Double> base = contestants.get(0).costs();
        String row = String.format(
                "| %s | %s | %s | %s |",
                title,
                Interval.of(base),
                Interval.ofRatios(contestants.get(1).costs(), base),
                Interval.ofRatios(contestants.get(2).costs(), base));
        System.out.println(row);
        rows.add(row);
    }

    /** @param costs microseconds of processor time per request, one for each round */
    private record Contestant(Service service, List<Double> costs) {
        Contestant(Service service) {
            this(service, new ArrayList<>());
        }

        void ask(Rounds rounds, String work, Duration time) throws IOException, InterruptedException {
            Duration before = service.processorTime();
            Load.Result result = rounds.run(service.url(), work, time, Load.FULL);
            costs.add(service.processorTime().minus(before).toNanos() / 1e3 / result.requests());
        }
    }
}
