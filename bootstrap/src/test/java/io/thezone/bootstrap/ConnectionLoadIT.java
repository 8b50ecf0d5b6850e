package io.thezone.bootstrap;

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

/** More connections than a port takes, each of which asked once and stays, on a heap that could not hold them all. */
@Timeout(value = 300, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ConnectionLoadIT {
    private static final int CONNECTIONS = 8_000;
    private static final Duration ANSWER_TIME = Duration.ofSeconds(30);

    @Test
    void clientsThatStayKeepNobodyOutAndTheServiceOutlivesThem() throws Exception {
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

    /** At the limit a new connection is closed for as long as none of the others is idle. */
    private static boolean isAnswered(ServiceClient client) throws InterruptedException {
        try {
            return client.isUp();
        } catch (IOException closed) {
            return false;
        }
    }
}
