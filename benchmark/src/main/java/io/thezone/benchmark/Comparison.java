package io.thezone.benchmark;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The service against the empty answer of its web server, and against what a team would write instead. */
public final class Comparison {
    static final String OURS = "thezone";
    static final String EMPTY = "empty";

    /** A beat is saved if less than 2.5 heartbeats are left: with this lease always, for the length of a run. */
    static final Map<String, String> SAVED_BEATS = Map.of("STREAM_LEASE", "1400s", "STREAM_HEARTBEAT", "600s");

    /** With this lease never; and one stream fills a session. */
    static final Map<String, String> EARLY_BEATS =
            Map.of("STREAM_LEASE", "1h", "STREAM_HEARTBEAT", "10s", "STREAM_LIMIT", "1");

    private static final Map<String, String> SIX_HEARTBEATS = Map.of("STREAM_LEASE", "6s", "STREAM_HEARTBEAT", "1s");

    /** Long enough for a median of one request at a time. */
    private static final Duration SINGLE = Duration.ofSeconds(3);

    private final Settings settings;
    private final Load load;
    private final Rounds rounds;
    private final Server empty;
    private final Report report = new Report();

    private Comparison(Settings settings, Server empty) {
        this.settings = settings;
        this.load = settings.load(settings.sessions());
        this.rounds = new Rounds(load, settings.rounds(), settings.round());
        this.empty = empty;
    }

    /** @param args the root of the checkout */
    public static void main(String[] args) throws Exception {
        Settings settings = Settings.of(args[0], "jvm");
        System.out.println("logs and data are in " + settings.directory());
        double loadBefore = Machine.loadAverage();
        try (Contestants contestants = new Contestants(settings)) {
            Comparison comparison = new Comparison(settings, contestants.empty());
            String database = comparison.acquire();
            comparison.start();
            comparison.earlyBeatsAndRefusals();
            comparison.savedBeats();
            comparison.writesPerBeat();
            String text = comparison.report.text(settings, Machine.describe(database, settings.jvm(), loadBefore));
            Page.of(settings.root()).write("comparison", text);
            Files.writeString(settings.root().resolve("docs/performance.svg"), comparison.report.plot());
            System.out.println(text);
        }
        MoreFiles.deleteRecursively(settings.directory(), RecursiveDeleteOption.ALLOW_INSECURE);
    }

    /** On the shipped settings. @return the version of PostgreSQL */
    private String acquire() throws Exception {
        try (Service service = Service.start(settings, OURS, Map.of());
                Database database = service.database()) {
            try (Contestants contestants = new Contestants(settings)) {
                Map<String, String> urls = pair(service);
                urls.putAll(contestants.rivals());
                measure("acquire", urls, settings.warmUp());
            }
            expect(empty, "new-", 200);
            expect(service.server(), "new-", 200);
            report.light(rounds.measure("acquire", pair(service), Load.LIGHT));
            allocation(service);
            idle(service, database);
            load.visitAll(service.url(), "mix");
            rounds.warmUp("mix", pair(service), shortWarmUp());
            long rows = database.rowsWritten();
            measure("mix", pair(service), Duration.ZERO);
            report.mixSaved(database.rowsWritten() - rows);
            return database.version();
        }
    }

    private void start() throws Exception {
        List<Double> seconds = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            try (Service service = Service.start(settings, OURS, Map.of())) {
                seconds.add(service.server().startTime().toMillis() / 1e3);
            }
        }
        report.start(Spread.of(seconds), Files.size(Service.jar(settings)));
    }

    private void earlyBeatsAndRefusals() throws Exception {
        try (Service service = Service.start(settings, "early", EARLY_BEATS);
                Database database = service.database()) {
            load.visitAll(service.url(), "fill");
            expectRefusals(service);
            double failures = service.server().failures();
            measure("refusal", pair(service), shortWarmUp());
            expectRefusals(service);
            if (service.server().failures() > failures) {
                throw new IllegalStateException("some refusals were failures");
            }
            long versions = database.versions();
            List<Load.Result> beats = measure("early heartbeat", "heartbeat", pair(service), shortWarmUp());
            long saved = database.versions() - versions;
            long answered = beats.stream().mapToLong(Load.Result::requests).sum();
            // The service saves something once a second, to see whether it can.
            if (saved > answered / 100) {
                throw new IllegalStateException(answered + " early beats were answered, and " + saved + " rows saved");
            }
        }
    }

    private void savedBeats() throws Exception {
        try (Service service = Service.start(settings, "saved", SAVED_BEATS);
                Database database = service.database()) {
            load.visitAll(service.url(), "fill");
            rounds.warmUp("heartbeat", pair(service), shortWarmUp());
            database.checkpoint();
            long wal = database.wal();
            long versions = database.versions();
            List<Load.Result> beats = measure("saved heartbeat", "heartbeat", pair(service), Duration.ZERO);
            long saved = database.versions() - versions;
            long answered = beats.stream().mapToLong(Load.Result::requests).sum();
            if (saved < answered) {
                throw new IllegalStateException(answered + " beats were answered and " + saved + " saved");
            }
            report.wal((database.wal() - wal) / answered);
        }
    }

    /** Some players beat in time, four times the six heartbeats that a lease has. */
    private void writesPerBeat() throws Exception {
        int players = 100;
        int beats = 24;
        try (Service service = Service.start(settings, "writes", SIX_HEARTBEATS);
                Database database = service.database()) {
            long due = System.nanoTime();
            for (int player = 0; player < players; player++) {
                service.server().ask("GET", "/watch", "Session-Id", "beats-" + player, "Stream-Id", "s-" + player);
            }
            long saved = 0;
            for (int beat = 0; beat < beats; beat++) {
                due += Duration.ofSeconds(1).toNanos();
                Thread.sleep(Math.max(0, (due - System.nanoTime()) / 1_000_000));
                long versions = database.versions();
                for (int player = 0; player < players; player++) {
                    String path = "/streams/s-" + player + "/heartbeat";
                    if (service.server().ask("POST", path, "Session-Id", "beats-" + player) != 200) {
                        throw new IllegalStateException("a beat in time was not answered 200");
                    }
                }
                saved += database.savedSince(versions);
            }
            report.writesPerBeat((double) saved / (players * beats));
        }
    }

    private void allocation(Service service) throws Exception {
        report.allocation(allocated(service.server()) - allocated(empty));
    }

    /** Bytes for each request. */
    private double allocated(Server server) throws Exception {
        try (Jvm jvm = Jvm.of(server)) {
            long before = jvm.allocated();
            Load.Result result = rounds.run(server.url(), "acquire", settings.round(), Load.FULL);
            return (double) (jvm.allocated() - before) / result.requests();
        }
    }

    /** One request at a time, and commits beside it. */
    private void idle(Service service, Database database) throws Exception {
        Map<String, List<Load.Result>> results = new LinkedHashMap<>();
        List<Double> commits = new ArrayList<>();
        Rounds single = new Rounds(load, 1, SINGLE);
        for (int i = 0; i < settings.rounds(); i++) {
            single.measure("acquire", pair(service), 1)
                    .forEach((name, result) -> results.computeIfAbsent(name, it -> new ArrayList<>())
                            .addAll(result));
            commits.add(database.commitTime(Duration.ofSeconds(1)));
        }
        report.idle(results, commits);
    }

    private Map<String, String> pair(Service service) {
        Map<String, String> urls = new LinkedHashMap<>();
        urls.put(EMPTY, empty.url());
        urls.put(OURS, service.url());
        return urls;
    }

    private void measure(String work, Map<String, String> urls, Duration warmUp)
            throws IOException, InterruptedException {
        measure(work, work, urls, warmUp);
    }

    /** @return the results of the service */
    private List<Load.Result> measure(String title, String work, Map<String, String> urls, Duration warmUp)
            throws IOException, InterruptedException {
        rounds.warmUp(work, urls, warmUp);
        Map<String, List<Load.Result>> results = rounds.measure(work, urls, Load.FULL);
        report.work(title, results);
        return List.copyOf(results.getOrDefault(OURS, List.of()));
    }

    private Duration shortWarmUp() {
        return settings.warmUp().dividedBy(3);
    }

    private void expectRefusals(Service service) throws IOException, InterruptedException {
        expect(empty, "full-", 401);
        expect(service.server(), "full-", 401);
    }

    /** wrk tells errors from others, but no status from another: so some are looked at, before and after. */
    private void expect(Server server, String prefix, int status) throws IOException, InterruptedException {
        for (int i = 0; i < 100; i++) {
            String session = prefix + i * (settings.sessions() / 100);
            int answered = server.ask("GET", "/watch", "Session-Id", session);
            if (answered != status) {
                throw new IllegalStateException(server.url() + " answered " + answered + ", not " + status);
            }
        }
    }
}
