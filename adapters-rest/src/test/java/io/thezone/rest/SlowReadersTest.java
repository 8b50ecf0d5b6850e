package io.thezone.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dropwizard.testing.ConfigOverride;
import io.thezone.gateway.testing.MapStore;
import io.thezone.rest.testing.Eventually;
import io.thezone.rest.testing.RawConnection;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.eclipse.jetty.io.AbstractEndPoint;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.Test;

/** Many clients that do not read their answers do not block others, even with few threads. */
class SlowReadersTest {
    private static final int READERS = 24;
    private static final int REQUESTS = 6;

    @Test
    void clientsThatReadSlowlyDelayNoOther() throws Exception {
        List<RawConnection> readers = new ArrayList<>();
        try (RestService service = RestService.over(new MapStore(), ConfigOverride.config("server.maxThreads", "16"))) {
            keepLittleForReaders(service);
            HttpResponse<String> description = service.get("/openapi.yaml");
            for (int i = 0; i < READERS; i++) {
                readers.add(reader(service.port(), "/openapi.yaml"));
                readers.add(reader(service.adminPort(), "/metrics"));
                readers.add(reader(service.adminPort(), "/threads"));
            }
            Eventually.within(
                    Duration.ofSeconds(30),
                    () -> waiting(service) == readers.size(),
                    () -> waiting(service) + " of " + readers.size() + " readers have their answers held back");

            for (int i = 0; i < 8; i++) {
                // On a busy machine it may be DOWN, but it answers.
                assertTrue(Set.of(200, 503).contains(service.get("/health").statusCode()));
                assertEquals(
                        200, service.get("/watch", "Session-Id", "quick-" + i).statusCode());
                assertEquals(
                        201,
                        service.send("POST", "/streams", "", "Session-Id", "started-" + i)
                                .statusCode());
                assertEquals(200, service.admin("/ping").statusCode());
            }

            for (RawConnection reader : readers) {
                for (int i = 0; i < REQUESTS; i++) {
                    HttpResponse<String> answer = reader.answer();
                    assertEquals(200, answer.statusCode());
                    if (answer.uri().getPath().equals("/openapi.yaml")) {
                        assertEquals(description.body(), answer.body());
                    }
                }
            }
        } finally {
            for (RawConnection reader : readers) {
                reader.close();
            }
        }
    }

    /** Sets a small receive buffer: by default the system would buffer megabytes of answers for each. */
    private static void keepLittleForReaders(RestService service) {
        for (Connector connector :
                service.environment().getApplicationContext().getServer().getConnectors()) {
            ((ServerConnector) connector).setAcceptedSendBufferSize(8192);
        }
    }

    private static RawConnection reader(int port, String path) throws IOException {
        RawConnection reader = RawConnection.narrow(port, "GET", path);
        for (int i = 1; i < REQUESTS; i++) {
            reader.next("GET", path);
        }
        return reader;
    }

    private static long waiting(RestService service) {
        return service.connections().stream()
                .filter(it -> it instanceof AbstractEndPoint socket
                        && socket.getWriteFlusher().isPending())
                .count();
    }
}
