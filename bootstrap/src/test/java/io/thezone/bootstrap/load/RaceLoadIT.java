package io.thezone.bootstrap.load;

import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thezone.bootstrap.support.DatabaseServer;
import io.thezone.bootstrap.support.ServiceClient;
import io.thezone.bootstrap.support.ServiceProcess;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Two hundred concurrent requests of one new session, repeated: exactly three are admitted each time. */
@Timeout(value = 600, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RaceLoadIT {
    private static final int ROUNDS = 500;
    private static final int WARM_UP_ROUNDS = 50;
    private static final long REQUESTS = 200;
    private static final long LIMIT = 3;

    @Test
    void exactlyThreeAreAdmittedByOneNode(@TempDir Path directory) throws Exception {
        try (ServiceProcess node = ServiceProcess.start(Map.of("DATA_DIR", directory.toString()))) {
            race("one node", List.of(node));
        }
    }

    @Test
    void exactlyThreeAreAdmittedByTwoNodesOnOneDatabase(@TempDir Path directory) throws Exception {
        try (DatabaseServer database = new DatabaseServer(directory);
                ServiceProcess one = ServiceProcess.start(database.environment());
                ServiceProcess other = ServiceProcess.start(database.environment())) {
            race("two nodes on one database", List.of(one, other));
        }
    }

    private static void race(String where, List<ServiceProcess> nodes) throws Exception {
        List<ServiceClient> clients = new ArrayList<>();
        for (ServiceProcess node : nodes) {
            clients.add(node.client());
        }
        for (int round = 0; round < WARM_UP_ROUNDS; round++) {
            race(clients);
        }
        long start = System.nanoTime();
        for (int round = 0; round < ROUNDS; round++) {
            assertEquals(Map.of(200, LIMIT, 401, REQUESTS - LIMIT), race(clients), "round " + round);
        }
        Duration time = Duration.ofNanos(System.nanoTime() - start);
        System.out.printf(
                Locale.ROOT,
                "race for one new session, %s: %d rounds of %d requests, %d admitted in each; %d requests/s%n",
                where,
                ROUNDS,
                REQUESTS,
                LIMIT,
                ROUNDS * REQUESTS * 1000 / time.toMillis());
    }

    /** @return the number of answers by status */
    private static Map<Integer, Long> race(List<ServiceClient> clients) {
        String session = UUID.randomUUID().toString();
        List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            answers.add(clients.get(i % clients.size()).sendAsync("GET", "/watch", "Session-Id", session));
        }
        return answers.stream()
                .map(answer -> answer.join().statusCode())
                .collect(groupingBy(status -> status, counting()));
    }
}
