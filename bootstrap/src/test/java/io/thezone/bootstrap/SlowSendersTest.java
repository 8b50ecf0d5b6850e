package io.thezone.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.dropwizard.testing.ConfigOverride;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Many who send slowly, and few threads. */
class SlowSendersTest {
    private static final int SENDERS = 300;

    @Test
    void whoSendsSlowlyKeepsNobodyElseWaiting() throws Exception {
        List<RawConnection> senders = new ArrayList<>();
        try (RunningService service = RunningService.start(
                        StreamServiceApplication.class,
                        ConfigOverride.config("store.type", "memory"),
                        ConfigOverride.config("cache.type", "none"),
                        ConfigOverride.config("server.maxThreads", "16"))
                .up()) {
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

            for (int i = 0; i < 30; i++) {
                assertEquals(
                        200, service.get("/watch", "Session-Id", "quick-" + i).statusCode());
            }

            for (RawConnection sender : senders) {
                assertEquals(201, sender.send("}").answer().statusCode());
            }
        } finally {
            for (RawConnection sender : senders) {
                sender.close();
            }
        }
    }
}
