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
import java.util.Set;
import java.util.stream.Stream;

/** Compares the service with an empty answer of its web server, and with alternatives that a team might write. */
public final class Comparison {
    static final String OURS = "thezone";
    static final String EMPTY = "empty";

    private static final Set<String> DECIDE_NOTHING = Set.of(EMPTY, "bare");

    /** A heartbeat is saved if less than 2.5 heartbeat intervals are left: with this lease always, during a run. */
    static final Map<String, String> ALWAYS_SAVED = Map.of("STREAM_LEASE", "1400s", "STREAM_HEARTBEAT", "600s");

    /** With this lease never, during a run; one stream uses up the quota. */
    static final Map<String, String> EARLY_HEARTBEATS =
            Map.of("STREAM_LEASE", "1h", "STREAM_HEARTBEAT", "10s", "STREAM_LIMIT", "1");

    private static final Map<String, String> SIX_HEARTBEATS = Map.of("STREAM_LEASE", "6s", "STREAM_HEARTBEAT", "1s");

    /** Long enough for a stable median of single requests. */
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
            comparison.earlyHeartbeatsAndRefusals();
            comparison.savedHeartbeats();
            comparison.writesPerHeartbeat();
            String text = comparison.report.text(
                    settings,
                    Machine.describe(
                            database, settings.jvm(), loadBefore, Machine.firstLine("redis-server", "--version")));
            Page.of(settings.root()).write("comparison", text);
            Files.writeString(settings.root().resolve("docs/performance.svg"), comparison.report.plot());
            System.out.println(text);
        }
        MoreFiles.deleteRecursively(settings.directory(), RecursiveDeleteOption.ALLOW_INSECURE);
    }

    /**
     * Runs the service with the shipped settings.
     *
     * @return the version of PostgreSQL
     */
    private String acquire() throws Exception {
        try (Service service = Service.start(settings, OURS, Map.of());
                Database database = service.database()) {
            try (Contestants contestants = new Contestants(settings)) {
                Map<String, String> urls = pair(service);
                urls.putAll(contestants.rivals());
                measure("acquire", urls, settings.warmUp());
                startsAndStops(service, urls, database);
                for (Map.Entry<String, String> contestant : urls.entrySet()) {
                    if (!DECIDE_NOTHING.contains(contestant.getKey())) {
                        report.races(contestant.getKey(), Races.run(contestant.getValue()));
                    }
                }
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

    /** Compares {@code POST /streams} and DELETE with {@code /watch}, and the service with fastify. */
    private void startsAndStops(Service service, Map<String, String> urls, Database database) throws Exception {
        List<Rounds.Turn> turns = new ArrayList<>(List.of(
                new Rounds.Turn(Report.WATCH, "acquire", service.url()),
                new Rounds.Turn(Report.START, "start", service.url()),
                new Rounds.Turn(Report.STOP, "stop", service.url())));
        if (urls.containsKey(Contestants.FASTIFY)) {
            String fastify = urls.get(Contestants.FASTIFY);
            turns.add(new Rounds.Turn(Report.FASTIFY_WATCH, "acquire", fastify));
            turns.add(new Rounds.Turn(Report.FASTIFY_START, "start", fastify));
        }
        for (Rounds.Turn turn : turns) {
            rounds.warmUp(turn.work(), Map.of(turn.name(), turn.url()), shortWarmUp());
        }
        long versions = database.versions();
        Map<String, List<Load.Result>> results = rounds.measure(turns, Load.MEDIUM);
        long saved = database.versions() - versions;
        long answered = Stream.of(Report.WATCH, Report.START, Report.STOP)
                .flatMap(name -> results.getOrDefault(name, List.of()).stream())
                .mapToLong(Load.Result::requests)
                .sum();
        if (saved < answered) {
            throw new IllegalStateException(answered + " starts and stops were answered and " + saved + " saved");
        }
        report.startsAndStops(results);
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

    private void earlyHeartbeatsAndRefusals() throws Exception {
        try (Service service = Service.start(settings, "early", EARLY_HEARTBEATS);
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
            List<Load.Result> heartbeats = measure("early heartbeat", "heartbeat", pair(service), shortWarmUp());
            long saved = database.versions() - versions;
            long answered = heartbeats.stream().mapToLong(Load.Result::requests).sum();
            // The health check saves a row once a second.
            if (saved > answered / 100) {
                throw new IllegalStateException(
                        answered + " early heartbeats were answered, and " + saved + " rows saved");
            }
        }
    }

    private void savedHeartbeats() throws Exception {
        try (Service service = Service.start(settings, "saved", ALWAYS_SAVED);
                Database database = service.database()) {
            load.visitAll(service.url(), "fill");
            rounds.warmUp("heartbeat", pair(service), shortWarmUp());
            database.checkpoint();
            long wal = database.wal();
            long versions = database.versions();
            List<Load.Result> heartbeats = measure("saved heartbeat", "heartbeat", pair(service), Duration.ZERO);
            long saved = database.versions() - versions;
            long answered = heartbeats.stream().mapToLong(Load.Result::requests).sum();
            if (saved < answered) {
                throw new IllegalStateException(answered + " heartbeats were answered and " + saved + " saved");
            }
            report.wal((database.wal() - wal) / answered);
        }
    }

    /** Sends heartbeats of some players at the right times, for four leases of six heartbeats. */
    private void writesPerHeartbeat() throws Exception {
        int players = 100;
        int heartbeats = 24;
        try (Service service = Service.start(settings, "writes", SIX_HEARTBEATS);
                Database database = service.database()) {
            long due = System.nanoTime();
            for (int player = 0; player < players; player++) {
                service.server().ask("GET", "/watch", "Session-Id", "heartbeats-" + player, "Stream-Id", "s-" + player);
            }
            long saved = 0;
            for (int heartbeat = 0; heartbeat < heartbeats; heartbeat++) {
                due += Duration.ofSeconds(1).toNanos();
                Thread.sleep(Math.max(0, (due - System.nanoTime()) / 1_000_000));
                long versions = database.versions();
                for (int player = 0; player < players; player++) {
                    String path = "/streams/s-" + player + "/heartbeat";
                    if (service.server().ask("POST", path, "Session-Id", "heartbeats-" + player) != 200) {
                        throw new IllegalStateException("a heartbeat in time was not answered 200");
                    }
                }
                saved += database.savedSince(versions);
            }
            report.writesPerHeartbeat((double) saved / (players * heartbeats));
        }
    }

    private void allocation(Service service) throws Exception {
        report.allocation(allocated(service.server()) - allocated(empty));
    }

    /** @return allocated bytes per request */
    private double allocated(Server server) throws Exception {
        try (Jvm jvm = Jvm.of(server)) {
            long before = jvm.allocated();
            Load.Result result = rounds.run(server.url(), "acquire", settings.round(), Load.FULL);
            return (double) (jvm.allocated() - before) / result.requests();
        }
    }

    /** Measures single requests on an idle service, and single commits of its database. */
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

    /** Checks the status of some answers before and after a run, because wrk counts errors but does not report the status. */
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
