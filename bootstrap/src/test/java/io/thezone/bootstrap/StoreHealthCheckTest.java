package io.thezone.bootstrap;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.domain.SessionId;
import io.thezone.domain.Step;
import io.thezone.persistence.memory.MemorySessionRepository;
import io.thezone.persistence.spi.GroupCommitSessionStore;
import io.thezone.persistence.spi.GroupCommitSettings;
import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionKeys;
import io.thezone.persistence.spi.SessionRepository;
import java.time.Duration;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class StoreHealthCheckTest {
    private final SessionRepository repository = new MemorySessionRepository(InstantSource.system());
    private final GroupCommitSessionStore engine = new GroupCommitSessionStore(
            repository,
            SessionCache.NONE,
            new SessionKeys("a secret"),
            new GroupCommitSettings(2, 10, 10, 10),
            Runnable::run);
    private final StoreHealthCheck check = new StoreHealthCheck(engine, repository);

    @Test
    void aNodeIsHealthyFromItsStartOnForAsLongAsAllItsWritersLive() throws Exception {
        assertFalse(check.execute().isHealthy());
        engine.start();
        assertTrue(check.execute().isHealthy());
        assertTrue(check.execute().isHealthy(), "also once there is a row to change");

        engine.update(new SessionId("session"), (session, now) -> {
            Thread.currentThread().interrupt();
            return new Step<>(session, session);
        });
        Eventually.within(Duration.ofSeconds(20), () -> !check.execute().isHealthy(), () -> "it did not notice");
    }
}
