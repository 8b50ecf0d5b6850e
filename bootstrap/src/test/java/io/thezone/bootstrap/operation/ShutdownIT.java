package io.thezone.bootstrap.operation;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thezone.bootstrap.support.ServiceClient;
import io.thezone.bootstrap.support.ServiceProcess;
import io.thezone.rest.testing.Eventually;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Shutdown by SIGTERM, as an orchestrator sends it. */
class ShutdownIT {
    private static final Duration NOTICE_TIME = Duration.ofSeconds(5);
    private static final Duration CLOSING_TIME = Duration.ofSeconds(15);

    private final String session = "session-" + UUID.randomUUID();

    @Test
    void healthIsDownWhileRequestsAreStillServed(@TempDir Path data) throws Exception {
        try (ServiceProcess service =
                ServiceProcess.start(Map.of("DATA_DIR", data.toString(), "SHUTDOWN_WAIT", "5s"))) {
            ServiceClient client = service.client();

            service.terminate();

            Eventually.within(NOTICE_TIME, () -> !client.isUp(), service::log);
            assertEquals("{\"status\":\"DOWN\"}", client.send("GET", "/health").body());
            assertEquals(200, client.watch(session).statusCode(), service::log);
            service.awaitEnd();
        }
    }

    @Test
    void aRequestThatIsUnderWayIsAnswered(@TempDir Path data) throws Exception {
        Map<String, String> environment = Map.of("DATA_DIR", data.toString());
        try (ServiceProcess service = ServiceProcess.start(environment);
                Socket slow = connect(service)) {
            BufferedReader answers = new BufferedReader(new InputStreamReader(slow.getInputStream(), US_ASCII));
            String body = "{\"profile\":\"slow\"}";
            send(
                    slow,
                    "PUT /streams/slow HTTP/1.1\r\nHost: thezone\r\nSession-Id: " + session
                            + "\r\nContent-Type: application/json\r\nContent-Length: " + body.length()
                            + "\r\nExpect: 100-continue\r\n\r\n");
            assertEquals("HTTP/1.1 100 Continue", answers.readLine(), "the service reads the body");
            assertEquals("", answers.readLine());

            service.terminate();
            Eventually.within(CLOSING_TIME, () -> refusesConnections(service), service::log);
            send(slow, body);

            assertEquals("HTTP/1.1 201 Created", answers.readLine(), service::log);
            service.awaitEnd();
        }
        try (ServiceProcess service = ServiceProcess.start(environment)) {
            assertEquals(Set.of("slow"), service.client().streams(session));
        }
    }

    private static Socket connect(ServiceProcess service) throws Exception {
        return new Socket(InetAddress.getLoopbackAddress(), service.applicationPort());
    }

    private static boolean refusesConnections(ServiceProcess service) throws Exception {
        try (Socket socket = connect(service)) {
            return !socket.isConnected();
        } catch (ConnectException e) {
            return true;
        }
    }

    private static void send(Socket socket, String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(US_ASCII));
        socket.getOutputStream().flush();
    }
}
