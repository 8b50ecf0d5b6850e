package io.thezone.bootstrap.operation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.dropwizard.testing.ConfigOverride;
import io.thezone.bootstrap.StreamServiceApplication;
import io.thezone.bootstrap.support.RunningService;
import io.thezone.rest.testing.Eventually;
import io.thezone.rest.testing.RawConnection;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.io.EndPoint;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The number of connections of a port is limited, and idle clients do not block others. */
class ConnectionLimitTest {
    private static final int LIMIT = 20;
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private static RunningService service;

    private final List<AutoCloseable> opened = new ArrayList<>();

    @BeforeAll
    static void start() throws Exception {
        service = RunningService.start(
                        StreamServiceApplication.class,
                        ConfigOverride.config("store.type", "memory"),
                        ConfigOverride.config("cache.type", "none"),
                        ConfigOverride.config("connections.application", Integer.toString(LIMIT)),
                        ConfigOverride.config("connections.admin", "4"))
                .up();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @AfterEach
    void close() throws Exception {
        for (AutoCloseable each : opened) {
            each.close();
        }
    }

    @Test
    void idleConnectionsAreReplacedByNewOnes() throws Exception {
        List<Socket> idle = openIdle(service.port(), 3 * LIMIT);

        Eventually.within(
                PATIENCE,
                () -> isAnswered(service.port(), "/health") && countOpen(idle) < LIMIT,
                () -> countOpen(idle) + " are open, or no other client is answered");
    }

    @Test
    void aConnectionIsIdleAfterItsAnswer() throws Exception {
        for (int i = 0; i < 3 * LIMIT; i++) {
            Eventually.within(
                    PATIENCE,
                    () -> {
                        RawConnection client = keep(new RawConnection(service.port(), "GET", "/health"));
                        return isAnswered(client);
                    },
                    () -> "one more is not answered");
        }
    }

    @Test
    void aRequestInProgressIsNotAborted() throws Exception {
        List<RawConnection> slow = startBodies(LIMIT / 2);

        openIdle(service.port(), 3 * LIMIT);
        Eventually.within(PATIENCE, () -> isAnswered(service.port(), "/health"), () -> "no other client is answered");

        for (RawConnection each : slow) {
            assertEquals(201, each.send("}").answer().statusCode());
        }
    }

    @Test
    void ifNoneIsIdleNewConnectionsAreClosedAndTheAdminPortAnswers() throws Exception {
        Eventually.within(
                PATIENCE, () -> startBody() && !isAnswered(service.port(), "/health"), () -> "others are answered");

        assertTrue(isAnswered(service.adminPort(), "/metrics"));

        close();
        Eventually.within(
                PATIENCE, () -> isAnswered(service.port(), "/health"), () -> "no client is answered any more");
    }

    @Test
    void connectionsThatAreClosedAreForgotten() throws Exception {
        openIdle(service.port(), 3 * LIMIT);
        Eventually.within(PATIENCE, () -> isAnswered(service.port(), "/health"), () -> "no other client is answered");
        List<WeakReference<EndPoint>> open =
                service.connections().stream().map(WeakReference::new).toList();
        assertTrue(open.size() > LIMIT / 2);

        close();

        // A thread or a selector may still hold the last one that it served.
        Eventually.within(
                PATIENCE,
                () -> {
                    System.gc();
                    return isAnswered(service.port(), "/health") && countReferred(open) <= 2;
                },
                () -> countReferred(open) + " closed connections are still referred to");
    }

    private static long countReferred(List<WeakReference<EndPoint>> connections) {
        return connections.stream().filter(it -> !it.refersTo(null)).count();
    }

    @Test
    void theAdminPortHasItsOwnLimit() throws Exception {
        openIdle(service.adminPort(), 3 * LIMIT);

        Eventually.within(PATIENCE, () -> isAnswered(service.adminPort(), "/metrics"), () -> "no operator is answered");
        assertTrue(isAnswered(service.port(), "/health"));
    }

    private List<Socket> openIdle(int port, int count) throws IOException {
        List<Socket> sockets = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            sockets.add(keep(new Socket(InetAddress.getLoopbackAddress(), port)));
        }
        return sockets;
    }

    private List<RawConnection> startBodies(int count) throws IOException {
        List<RawConnection> connections = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            connections.add(keep(new RawConnection(
                            service.port(),
                            "POST",
                            "/streams",
                            "Session-Id",
                            "slow-" + opened.size(),
                            "Content-Type",
                            "application/json",
                            "Content-Length",
                            "2"))
                    .send("{"));
        }
        return connections;
    }

    /** The port may close it, once it is full. */
    private boolean startBody() {
        try {
            return !startBodies(1).isEmpty();
        } catch (IOException closed) {
            return true;
        }
    }

    private static boolean isAnswered(int port, String path) {
        try (RawConnection connection = new RawConnection(port, "GET", path)) {
            return isAnswered(connection);
        } catch (IOException e) {
            return false;
        }
    }

    private static boolean isAnswered(RawConnection connection) {
        try {
            return connection.answer().statusCode() == 200;
        } catch (IOException closed) {
            return false;
        }
    }

    private static long countOpen(List<Socket> sockets) {
        return sockets.stream().filter(ConnectionLimitTest::isOpen).count();
    }

    private static boolean isOpen(Socket socket) {
        try {
            socket.setSoTimeout(1);
            return socket.getInputStream().read() >= 0;
        } catch (SocketTimeoutException e) {
            return true;
        } catch (IOException e) {
            return false;
        }
    }

    private <T extends AutoCloseable> T keep(T closeable) {
        opened.add(closeable);
        return closeable;
    }
}
