package io.thezone.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.collect.Iterables;
import io.dropwizard.testing.ConfigOverride;
import io.thezone.gateway.testing.MapStore;
import io.thezone.rest.testing.Eventually;
import io.thezone.rest.testing.RawConnection;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Many clients that send slowly do not block others, even with few threads. */
class SlowSendersTest {
    private static final int THREADS = 16;

    /** Far more than threads, and few enough that a busy machine serves them within the ten seconds that a body may take. */
    private static final int SENDERS = 4 * THREADS;

    /** Ten seconds, and some for a busy machine. Where nobody counts them, a connection stays open for ever. */
    private static final Duration LIMIT = Duration.ofSeconds(60);

    private static RestService service;

    @BeforeAll
    static void start() throws Exception {
        service =
                RestService.over(new MapStore(), ConfigOverride.config("server.maxThreads", Integer.toString(THREADS)));
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void slowSendersDelayNoOther() throws Exception {
        List<RawConnection> senders = new ArrayList<>();
        try {
            for (int i = 0; i < SENDERS; i++) {
                senders.add(new RawConnection(
                                service.port(),
                                "POST",
                                "/streams",
                                "Session-Id",
                                "slow-" + i,
                                "Content-Type",
                                "application/json",
                                "Content-Length",
                                "2")
                        .send("{"));
            }

            for (int i = 0; i < 10; i++) {
                assertEquals(
                        200, service.get("/watch", "Session-Id", "quick-" + i).statusCode());
            }

            for (RawConnection sender : senders) {
                assertEquals(201, sender.send("}").answer().statusCode());
            }
        } finally {
            close(senders);
        }
    }

    @Test
    void singleBytesKeepNoConnectionOpen() throws Exception {
        Map<RawConnection, String> heads = new HashMap<>();
        List<RawConnection> bodies = new ArrayList<>();
        try (RawConnection resting = new RawConnection(service.port(), "GET", "/health")) {
            assertEquals(200, resting.answer().statusCode());
            for (int port : List.of(service.port(), service.adminPort())) {
                heads.put(answered(port).send("GET /he"), "x");
                heads.put(answered(port).send("GET / HTTP/1.1\r\nHost: a"), "x");
                heads.put(answered(port), "\r\n");
                heads.put(answered(port, "Connection", "close"), "x");
            }
            bodies.add(body(service.port(), "POST", "/streams", "Content-Length", "16000"));
            bodies.add(body(service.port(), "PUT", "/streams/a", "Transfer-Encoding", "chunked")
                    .send("3e80\r\n"));
            bodies.add(body(service.adminPort(), "POST", "/tasks/gc", "Content-Length", "16000"));
            List<Map.Entry<RawConnection, String>> open = new ArrayList<>(heads.entrySet());
            List<RawConnection> unanswered = new ArrayList<>(bodies);

            Eventually.within(
                    LIMIT,
                    () -> {
                        open.removeIf(it -> !it.getKey().drips(it.getValue()));
                        unanswered.removeIf(it -> !it.drips(" ") || it.isAnswered());
                        return open.isEmpty() && unanswered.isEmpty();
                    },
                    () -> open + " are open, without an answer are " + unanswered);

            for (RawConnection body : bodies) {
                assertEquals(408, body.answer().statusCode());
            }
            assertEquals(200, resting.next("GET", "/health").answer().statusCode());
        } finally {
            close(Iterables.concat(heads.keySet(), bodies));
        }
    }

    /** A connection after its first request. */
    private static RawConnection answered(int port, String... headers) throws IOException {
        RawConnection connection = new RawConnection(port, "GET", "/healthcheck", headers);
        connection.answer();
        return connection;
    }

    private static RawConnection body(int port, String method, String path, String... headers) throws IOException {
        return new RawConnection(port, method, path, headers);
    }

    private static void close(Iterable<RawConnection> connections) throws IOException {
        for (RawConnection connection : connections) {
            connection.close();
        }
    }
}
