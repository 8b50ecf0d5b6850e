package io.thezone.benchmark;

import com.google.common.io.MoreFiles;
import com.google.common.io.RecursiveDeleteOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** Measures what a gateway's questions cost: at the service, and what they add to a viewer's latency behind nginx. */
public final class Gateways {
    private static final int SEGMENT_BYTES = 20_000;

    /** Players behind nginx; each has a session of its own. */
    private static final int PLAYERS = 1_000;

    private static final Duration WARM_UP = Duration.ofSeconds(10);

    private static final String HEARTBEAT = "heartbeat over HTTP";
    private static final String SEGMENT = "`/authorize`";
    private static final String GRPC = "`Check` over gRPC";
    private static final String PLAIN = "nginx does not ask";
    private static final String ASKED = "nginx asks";
    private static final String CACHED = "nginx asks, with its cache";

    private final Settings settings;
    private final Deque<Server> opened = new ArrayDeque<>();
    private final List<Goal> goals = new ArrayList<>();
    private final StringBuilder latencies = new StringBuilder();

    private Gateways(Settings settings) {
        this.settings = settings;
    }

    /** @param args the root of the checkout */
    public static void main(String[] args) throws Exception {
        Settings settings = Settings.of(args[0], "jvm");
        double loadBefore = Machine.loadAverage();
        Gateways gateways = new Gateways(settings);
        int grpc = Server.freePort();
        Map<String, String> environment = new HashMap<>(Comparison.EARLY_HEARTBEATS);
        environment.putAll(Map.of("GRPC_ENABLED", "true", "GRPC_PORT", Integer.toString(grpc)));
        try (Contestants contestants = new Contestants(settings);
                Service service = Service.start(
                        settings,
                        Service.jar(settings),
                        Comparison.OURS,
                        environment,
                        List.of(gateways.thezoneFile().toString()));
                Database database = service.database()) {
            gateways.questions(contestants.empty(), service, "http://127.0.0.1:" + grpc);
            gateways.viewers(service);
            String text = gateways.text(
                    Machine.describe(database.version(), settings.jvm(), loadBefore, Machine.firstLine("nginx", "-v")));
            Page.of(settings.root()).write("gateways", text);
            System.out.println(text);
        } finally {
            gateways.opened.forEach(Server::close);
        }
        MoreFiles.deleteRecursively(settings.directory(), RecursiveDeleteOption.ALLOW_INSECURE);
    }

    private void questions(Server empty, Service service, String grpc) throws IOException, InterruptedException {
        Load load = settings.load(settings.sessions());
        load.visitAll(service.url(), "fill");
        List<Rounds.Turn> turns = List.of(
                new Rounds.Turn(Comparison.EMPTY, "segment", empty.url()),
                new Rounds.Turn(HEARTBEAT, "heartbeat", service.url()),
                new Rounds.Turn(SEGMENT, "segment", service.url()),
                new Rounds.Turn(GRPC, GrpcLoad.WORK, grpc));
        Map<String, List<Load.Result>> results =
                measure(load, turns, Load.FULL, settings.warmUp().dividedBy(3));
        goals.add(Goal.atLeast(
                SEGMENT + " for a segment: throughput, of the empty answer's",
                0.75,
                rate(results, SEGMENT, Comparison.EMPTY)));
        report(HEARTBEAT + ": throughput, of the empty answer's", rate(results, HEARTBEAT, Comparison.EMPTY));
        report(GRPC + " for a segment: throughput, of the empty answer's", rate(results, GRPC, Comparison.EMPTY));
        report(GRPC + " for a segment: throughput, of that of " + SEGMENT, rate(results, GRPC, SEGMENT));
    }

    private void viewers(Service service) throws IOException, InterruptedException {
        String origin = "127.0.0.1:" + origin().port();
        String shipped = Files.readString(shipped(settings).resolve("nginx.conf"));
        List<Rounds.Turn> turns = List.of(
                new Rounds.Turn(
                        PLAIN,
                        "viewer",
                        nginx("plain", shipped.replace("auth_request /authorize;", ""), service, origin)),
                new Rounds.Turn(ASKED, "viewer", nginx("asked", shipped, service, origin)),
                new Rounds.Turn(CACHED, "viewer", nginx("cached", withCache(shipped), service, origin)),
                new Rounds.Turn(SEGMENT, "segment", service.url()));
        Load load = settings.load(PLAYERS);
        for (int connections : new int[] {1, Load.LIGHT}) {
            Map<String, List<Load.Result>> results = measure(load, turns, connections, WARM_UP);
            for (String way : List.of(PLAIN, ASKED, CACHED, SEGMENT)) {
                latencies.append(String.format(
                        Locale.ROOT,
                        "| %d | %s | %s | %s | %.0f |%n",
                        connections,
                        way.equals(SEGMENT) ? "the question alone, without nginx" : way,
                        Spread.ratio(of(results, way), of(results, PLAIN), Load.Result::p50),
                        Spread.ratio(of(results, way), of(results, PLAIN), Load.Result::p99),
                        Spread.of(of(results, way).stream()
                                        .map(Load.Result::p50)
                                        .toList())
                                .median()));
            }
        }
    }

    private Map<String, List<Load.Result>> measure(Load load, List<Rounds.Turn> turns, int connections, Duration warmUp)
            throws IOException, InterruptedException {
        Rounds rounds = new Rounds(load, settings.rounds(), settings.round());
        for (Rounds.Turn turn : turns) {
            rounds.run(turn.url(), turn.work(), warmUp, connections);
        }
        return rounds.measure(turns, connections);
    }

    /** Serves a segment from a file. */
    private Server origin() throws IOException, InterruptedException {
        Path directory = Files.createDirectories(settings.directory().resolve("origin"));
        Files.write(Files.createDirectories(directory.resolve("movie")).resolve("segment.ts"), new byte[SEGMENT_BYTES]);
        int port = Server.freePort();
        return nginx(
                directory,
                port,
                String.format(
                        Locale.ROOT,
                        """
                pid nginx.pid;
                events {}
                http {
                  access_log off;
                  client_body_temp_path t1; proxy_temp_path t2; fastcgi_temp_path t3; uwsgi_temp_path t4; scgi_temp_path t5;
                  server { listen 127.0.0.1:%d; root %s; keepalive_requests 1000000; }
                }
                """,
                        port,
                        directory));
    }

    private String nginx(String name, String text, Service service, String origin)
            throws IOException, InterruptedException {
        int port = Server.freePort();
        return nginx(
                        Files.createDirectories(settings.directory().resolve(name)),
                        port,
                        text.replace(
                                        "127.0.0.1:3001",
                                        "127.0.0.1:" + service.server().port())
                                .replace("127.0.0.1:8081", origin)
                                .replace("127.0.0.1:8080", "127.0.0.1:" + port)
                                .replace("/dev/shm/nginx-8080", settings.directory() + "/cache"))
                .url();
    }

    private Server nginx(Path directory, int port, String text) throws IOException, InterruptedException {
        // Others may not read the directory of a run.
        Files.writeString(directory.resolve("nginx.conf"), "user " + System.getProperty("user.name") + ";\n" + text);
        Server server = Server.startListening(
                "nginx",
                directory,
                port,
                List.of("nginx", "-p", directory + "/", "-c", "nginx.conf", "-e", "stderr", "-g", "daemon off;"));
        opened.push(server);
        return server;
    }

    /** The settings of thezone, with the time for which answers may be cached; nginx does so only where its own file says it. */
    private Path thezoneFile() throws IOException {
        return Files.writeString(
                settings.directory().resolve("thezone.yml"),
                withCache(Files.readString(shipped(settings).resolve("thezone.yml"))));
    }

    private static String withCache(String text) {
        return text.replace("#cache ", "");
    }

    private static Path shipped(Settings settings) {
        return settings.root().resolve("deploy/gateways/nginx");
    }

    private void report(String work, Spread measured) {
        goals.add(new Goal(work, "reported", measured.toString(), ""));
    }

    private static Spread rate(Map<String, List<Load.Result>> results, String of, String to) {
        return Spread.ratio(of(results, of), of(results, to), Load.Result::rate);
    }

    private static List<Load.Result> of(Map<String, List<Load.Result>> results, String name) {
        return Objects.requireNonNull(results.get(name), name);
    }

    private String text(String machine) {
        return settings.caution()
                + machine
                + String.format(
                        Locale.ROOT,
                        """


                        Medians of %d rounds of %d s with minimum and maximum; the ways take turns, and each ratio is within a round.
                        The questions are about %d streams that live, with %d connections; over gRPC with as many calls at the same
                        time on two connections, from a client in Java, which takes more of the processors than wrk.

                        """,
                        settings.rounds(),
                        settings.round().toSeconds(),
                        settings.sessions(),
                        Load.FULL)
                + Goal.table(goals)
                + String.format(
                        Locale.ROOT,
                        """

                        What viewers wait for a segment of %d KB, with the shipped nginx.conf, as multiples of the same without a question;
                        %d players:

                        | connections | way | p50 | p99 | p50 in µs |
                        | --- | --- | --- | --- | --- |
                        """,
                        SEGMENT_BYTES / 1000,
                        PLAYERS)
                + latencies;
    }
}
