package io.thezone.bootstrap.load;

import io.thezone.bootstrap.support.ServiceClient;
import io.thezone.bootstrap.support.ServiceProcess;
import io.thezone.rest.testing.Eventually;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Opens more connections than the limit, each with one request, on a heap that could not hold them all. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConnectionLoadIT {
    private static final int CONNECTIONS = 8_000;
    private static final Duration ANSWER_TIME = Duration.ofSeconds(30);

    @Test
    void idleClientsBlockNoNewOneAndDoNotExhaustTheHeap() throws Exception {
        List<Socket> clients = new ArrayList<>();
        try (ServiceProcess service = ServiceProcess.start(
                Map.of("STORE_TYPE", "memory", "CACHE_TYPE", "none", "JDK_JAVA_OPTIONS", "-Xmx512m"))) {
            for (int i = 0; i < CONNECTIONS; i++) {
                Socket client = new Socket(InetAddress.getLoopbackAddress(), service.applicationPort());
                clients.add(client);
                client.getOutputStream()
                        .write(("GET /watch HTTP/1.1\r\nHost: a\r\nSession-Id: session-" + i + "\r\n\r\n")
                                .getBytes(StandardCharsets.US_ASCII));
            }

            ServiceClient another = service.client();
            Eventually.within(ANSWER_TIME, () -> isAnswered(another), service::log);
        } finally {
            for (Socket client : clients) {
                client.close();
            }
        }
    }

    /** At the limit a new connection is closed while none of the others is idle, so the request is repeated. */
    private static boolean isAnswered(ServiceClient client) throws InterruptedException {
        try {
            return client.isUp();
        } catch (IOException closed) {
            return false;
        }
    }
}
