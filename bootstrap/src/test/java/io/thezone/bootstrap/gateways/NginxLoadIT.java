package io.thezone.bootstrap.gateways;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.bootstrap.support.ServiceProcess;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIf;
import org.junit.jupiter.api.io.TempDir;

@EnabledIf(value = "isInstalled", disabledReason = "there is no nginx")
class NginxLoadIT {
    private static final int CONNECTIONS = 16;
    private static final int SEGMENTS = 100_000;

    private static final HttpClient CLIENT =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    private final String session = "session-" + UUID.randomUUID();

    static boolean isInstalled() {
        return NginxIT.NGINX.isInstalled();
    }

    @Test
    void aHundredThousandSegmentsOfAPlayerAreOneStreamAndNoneIsDenied(@TempDir Path directory) throws Exception {
        assertTrue(directory.toFile().setExecutable(true, false));
        Path settings =
                Files.writeString(directory.resolve("thezone.yml"), NginxIT.NGINX.text("thezone.yml", Set.of()));
        try (Origin origin = new Origin();
                ServiceProcess service =
                        ServiceProcess.startVersion(ServiceProcess.JAR, settings, Map.of("STORE_TYPE", "memory"));
                Gateway gateway = new Gateway(
                        NginxIT.NGINX,
                        directory,
                        Map.of(
                                Gateway.THEZONE, Integer.toString(service.applicationPort()),
                                Gateway.ORIGIN, Integer.toString(origin.port())),
                        Set.of())) {
            String playlist = get(gateway, "/video/movie/main.m3u8")
                    .headers()
                    .firstValue("Location")
                    .orElseThrow();
            ExecutorService players = Executors.newFixedThreadPool(CONNECTIONS);
            try {
                Callable<Long> player = () -> {
                    long denied = 0;
                    for (int i = 0; i < SEGMENTS / CONNECTIONS; i++) {
                        String segment = playlist.replace("main.m3u8", "segment-" + i % Origin.SEGMENTS + ".ts");
                        denied += get(gateway, segment).statusCode() == 200 ? 0 : 1;
                    }
                    return denied;
                };
                for (Future<Long> denied : players.invokeAll(
                        Stream.generate(() -> player).limit(CONNECTIONS).toList())) {
                    assertEquals(0, denied.get(), gateway::log);
                }
            } finally {
                players.shutdownNow();
            }
            assertEquals(1, service.client().streams(session).size());
        }
    }

    private HttpResponse<Void> get(Gateway gateway, String path) throws Exception {
        return CLIENT.send(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + gateway.port() + path))
                        .header("Cookie", "sid=" + session)
                        .build(),
                BodyHandlers.discarding());
    }
}
