package io.thezone.benchmark;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Compares the service with few and with many sessions, and measures the size of its cache and its table. */
public final class Growth {
    private static final int FEW = 1_000;

    /** Sessions that start and end streams repeatedly; few, so that each soon remembers the maximum number of ends. */
    private static final int CHURNING = 20_000;

    /** A lease longer than a run, so that all heartbeats are early, no stream lapses, and the mix stays the same. */
    private static final Map<String, String> LASTING = Map.of("STREAM_LEASE", "6h", "STREAM_HEARTBEAT", "30s");

    private final Settings settings;
    private final int live = Settings.number("live");
    private final int acquires = Settings.number("acquires");
    private final List<Goal> goals = new ArrayList<>();
    private String database = "";

    private Growth(Settings settings) {
        this.settings = settings;
    }

    /** @param args the root of the checkout */
    public static void main(String[] args) throws Exception {
        Growth growth = new Growth(Settings.of(args[0], "growthJvm"));
        Settings settings = growth.settings;
        System.out.println("logs and data are in " + settings.directory());
        double loadBefore = Machine.loadAverage();
        growth.sessions();
        growth.memory();
        growth.storage();
        String text = growth.text(Machine.describe(
                growth.database, settings.jvm(), loadBefore, Machine.firstLine("redis-server", "--version")));
        Page.of(settings.root()).write("growth", text);
        System.out.println(text);
        MoreFiles.deleteRecursively(settings.directory(), RecursiveDeleteOption.ALLOW_INSECURE);
    }

    private void sessions() throws Exception {
        try (Service few = Service.start(settings, "few", LASTING);
                Service many = Service.start(settings, "many", LASTING);
                Database ofFew = few.database();
                Database ofMany = many.database()) {
            database = ofFew.version();
            Rounds fewRounds = prepare(few, FEW);
            Rounds manyRounds = prepare(many, live);
            List<Load.Result> fewResults = new ArrayList<>();
            List<Load.Result> manyResults = new ArrayList<>();
            for (int i = 0; i < settings.rounds(); i++) {
                fewResults.add(overCheckpoint(fewRounds, few, ofFew));
                manyResults.add(overCheckpoint(manyRounds, many, ofMany));
            }
            String compared = format("%,d live sessions, of %,d: ", live, FEW);
            goals.add(Goal.atLeast(
                    compared + "throughput", 0.85, Spread.ratio(manyResults, fewResults, Load.Result::rate)));
            goals.add(Goal.atMost(compared + "p99", 1.5, Spread.ratio(manyResults, fewResults, Load.Result::p99)));
            try (Jvm jvm = Jvm.of(many.server())) {
                reported("heap of the service after a collection", format("%.2f GiB", gibibytes(jvm.heapUsed())));
            }
        }
    }

    private Rounds prepare(Service service, int sessions) throws IOException, InterruptedException {
        Load load = settings.load(sessions);
        load.visitAll(service.url(), "fill");
        load.visitAll(service.url(), "second");
        Rounds rounds = new Rounds(load, 1, settings.round());
        rounds.warmUp("growth", Map.of("service", service.url()), settings.warmUp());
        return rounds;
    }

    /** Runs the load with a checkpoint in the middle. */
    private Load.Result overCheckpoint(Rounds rounds, Service service, Database database) throws Exception {
        ExecutorService aside = Executors.newSingleThreadExecutor();
        try {
            Future<?> checkpoint = aside.submit(() -> {
                Thread.sleep(settings.round().toMillis() / 2);
                database.checkpoint();
                return true;
            });
            Load.Result result = rounds.run(service.url(), "growth", settings.round(), Load.FULL);
            checkpoint.get();
            System.out.printf(
                    Locale.ROOT, "%s: %.0f/s, p99 %.1f ms%n", service.data(), result.rate(), result.p99() / 1e3);
            return result;
        } finally {
            aside.shutdownNow();
        }
    }

    private void memory() throws Exception {
        long bytes = CacheMemory.measure(live);
        double perStream = (double) bytes / live / LoneCache.STREAMS;
        goals.add(new Goal(
                format("heap of the cache with %,d sessions of %d streams", live, LoneCache.STREAMS),
                "under 1.2 GiB for 1,000,000",
                format("%.2f GiB, %.0f bytes a stream", gibibytes(bytes), perStream),
                Goal.met(gibibytes(bytes) * 1_000_000 / live < 1.2)));
    }

    private void storage() throws Exception {
        try (Service service = Service.start(settings, "churn", Map.of());
                Database table = service.database()) {
            Rounds rounds = new Rounds(settings.load(CHURNING), 1, settings.round());
            rounds.warmUp("churn", Map.of("service", service.url()), settings.round());
            churn(rounds, service);
            Table half = Table.of(table);
            table.checkpoint();
            churn(rounds, service);
            Table end = Table.of(table);
            double hot = (double) (end.hot() - half.hot()) / (end.updates() - half.updates());
            String done = format("after %,d acquires and as many releases of %,d sessions: ", acquires, CHURNING);
            goals.add(new Goal(
                    done + "HOT ratio of the second half", "at least 0.9", format("%.3f", hot), Goal.met(hot >= 0.9)));
            reported(done + "table and index", end.size() + " (after half of them " + half.size() + ")");
        }
    }

    /** Runs half of the acquires and releases. */
    private void churn(Rounds rounds, Service service) throws IOException, InterruptedException {
        for (long done = 0; done < acquires; ) {
            done += rounds.run(service.url(), "churn", settings.round(), Load.FULL)
                    .requests();
        }
    }

    /** @param updates the numbers of all updates and of heap-only updates */
    private record Table(long bytes, long indexBytes, long updates, long hot) {
        static Table of(Database database) throws SQLException {
            return new Table(
                    database.number("SELECT pg_table_size('sessions')"),
                    database.number("SELECT pg_indexes_size('sessions')"),
                    database.number("SELECT n_tup_upd FROM pg_stat_user_tables WHERE relname = 'sessions'"),
                    database.number("SELECT n_tup_hot_upd FROM pg_stat_user_tables WHERE relname = 'sessions'"));
        }

        String size() {
            return format("%.1f MB and %.1f MB", bytes / 1e6, indexBytes / 1e6);
        }
    }

    private void reported(String work, String measured) {
        goals.add(new Goal(work, "reported", measured, ""));
    }

    private String text(String machine) {
        return settings.caution()
                + machine
                + format(
                        """


                        Two services with the same settings, one with %,d live sessions and one with %,d, take turns for %d rounds of %d s,
                        each over a checkpoint of its database: medians of the ratios within a round. Of eight requests six are early
                        heartbeats, one starts a second stream of its session and one ends it.

                        """,
                        FEW, live, settings.rounds(), settings.round().toSeconds())
                + Goal.table(goals);
    }

    private static double gibibytes(long bytes) {
        return bytes / (double) (1 << 30);
    }

    private static String format(String format, Object... values) {
        return String.format(Locale.ROOT, format, values);
    }
}
