package io.thezone.benchmark;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * What a durable decision costs beside an answer that decides nothing: {@code GET /watch} of a new session each time against
 * {@code GET /health}, turn by turn in one run, the load generator and PostgreSQL on the same cores.
 */
public final class WatchAgainstHealth {
    private static final int CONNECTIONS = 256;
    private static final int ROUNDS = 5;
    private static final Duration ROUND = Duration.ofSeconds(5);

    /** The compilers of a JVM on two cores have done most of their work by then. */
    private static final int WARM_UP_ROUNDS = 16;

    private record Round(Load.Result watch, Load.Result health) {
        double rate() {
            return watch.rate() / health.rate();
        }

        double p99() {
            return (double) watch.p99() / health.p99();
        }
    }

    private WatchAgainstHealth() {}

    /** @param args the root of the checkout */
    public static void main(String[] args) throws Exception {
        Path root = Path.of(args[0]).toAbsolutePath().normalize();
        Path data = Files.createTempDirectory("thezone-benchmark");
        List<Round> rounds = new ArrayList<>();
        try (Service service = Service.start(root, data)) {
            Load load = new Load(
                    service.url(),
                    root.resolve("benchmark/src/main/lua/sessions.lua").toString(),
                    CONNECTIONS);
            for (int i = 0; i < WARM_UP_ROUNDS; i++) {
                load.run("/watch", ROUND);
                load.run("/health", Duration.ofSeconds(1));
            }
            System.out.println("round   /watch 1/s  /health 1/s  ratio   /watch p99 us  /health p99 us  ratio");
            for (int i = 1; i <= ROUNDS; i++) {
                Round round = new Round(load.run("/watch", ROUND), load.run("/health", ROUND));
                rounds.add(round);
                System.out.printf(
                        "%5d %12.0f %12.0f %6.2f %15d %15d %6.2f%n",
                        i,
                        round.watch().rate(),
                        round.health().rate(),
                        round.rate(),
                        round.watch().p99(),
                        round.health().p99(),
                        round.p99());
            }
        }
        System.out.printf(
                "median of %d: throughput %.2f of /health, p99 %.2f times its p99%n",
                ROUNDS, median(rounds, Round::rate), median(rounds, Round::p99));
    }

    private static double median(List<Round> rounds, ToDoubleFunction<Round> figure) {
        return rounds.stream().mapToDouble(figure).sorted().toArray()[rounds.size() / 2];
    }
}
