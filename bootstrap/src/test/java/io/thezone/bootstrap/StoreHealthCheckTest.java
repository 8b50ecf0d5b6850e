package io.thezone.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.domain.Attributes;
import io.thezone.domain.Lease;
import io.thezone.domain.SessionId;
import io.thezone.domain.Step;
import io.thezone.domain.StreamId;
import io.thezone.domain.StreamQuota;
import io.thezone.domain.StreamRequest;
import io.thezone.persistence.engine.GroupCommitConfiguration;
import io.thezone.persistence.engine.GroupCommitSessionStore;
import io.thezone.persistence.engine.SessionKeys;
import io.thezone.persistence.memory.MemorySessionRepository;
import io.thezone.persistence.spi.LoadedSessions;
import io.thezone.persistence.spi.NotSavedException;
import io.thezone.persistence.spi.SavedSessions;
import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.SessionRepository;
import io.thezone.persistence.spi.SessionSave;
import io.thezone.rest.testing.Eventually;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class StoreHealthCheckTest {
    private static final Lease LEASE = new Lease(Duration.ofSeconds(60), Duration.ofSeconds(20));
    private static final StreamQuota QUOTA = new StreamQuota("hundred", 100);

    private final FillingStore store = new FillingStore();
    private final GroupCommitSessionStore engine = new GroupCommitSessionStore(
            store,
            SessionCache.NONE,
            new SessionKeys("a secret"),
            new GroupCommitConfiguration(2, 10, 10, 10),
            Runnable::run);
    private final StoreHealthCheck check = new StoreHealthCheck(engine, store);

    @AfterEach
    void stop() throws InterruptedException {
        engine.stop();
    }

    @Test
    void aNodeIsHealthyWhileAllItsWritersRun() throws Exception {
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

    @Test
    void aTrialSaveInsertsANewRowThatLapsesAtOnce() throws Exception {
        engine.start();
        for (int i = 0; i < 3; i++) {
            assertTrue(check.execute().isHealthy());
        }
        assertEquals(3, store.keys.size());
        assertEquals(3, store.removeLapsed());
    }

    @Test
    void aNodeIsUnhealthyWhileRealSavesFailEvenIfTrialsSucceed() throws Exception {
        engine.start();
        store.refused = save -> save.key().low() != 0;
        assertTrue(check.execute().isHealthy());

        within(() -> {
            for (int i = 0; i < 10; i++) {
                assertThrows(CompletionException.class, () -> start("session").join());
            }
            return !check.execute().isHealthy();
        });

        store.refused = save -> false;
        for (int i = 0; i < 50; i++) {
            start("session-" + i).join();
        }
        assertFalse(check.execute().isHealthy(), "it trusts the store after one trial");
        assertTrue(check.execute().isHealthy());
    }

    @Test
    void afterAFailureATrialIsAsLargeAsABatch() throws Exception {
        engine.start();
        store.refused = save -> save.key().low() != 0;
        within(() -> {
            assertThrows(CompletionException.class, () -> start("session").join());
            assertTrue(check.execute().isHealthy(), "one session is not all");
            return store.keys.size() >= 100;
        });
    }

    @Test
    void oneFailingSessionAmongManyLeavesTheNodeHealthy() throws Exception {
        engine.start();
        SessionKey locked = new SessionKeys("a secret").of(new SessionId("locked"));
        store.refused = save -> save.key().equals(locked);
        for (int i = 0; i < 12; i++) {
            start("session-" + i).join();
            start("neighbour-" + i).join();
            assertThrows(CompletionException.class, () -> start("locked").join());
        }
        assertTrue(check.execute().isHealthy());
    }

    /** Repeats a condition, because on a busy machine the last seconds may contain too few saves. */
    private static void within(Callable<Boolean> condition) throws Exception {
        Eventually.within(Duration.ofSeconds(20), condition, () -> "it did not notice");
    }

    private CompletableFuture<Boolean> start(String session) {
        return engine.update(
                        new SessionId(session),
                        (held, now) -> new Step<>(
                                held.acquire(
                                                new StreamRequest(
                                                        new StreamId(UUID.randomUUID()
                                                                .toString()),
                                                        Attributes.NONE),
                                                QUOTA,
                                                LEASE,
                                                now)
                                        .next(),
                                true))
                .toCompletableFuture();
    }

    /** A store that refuses the saves of some sessions. */
    private static final class FillingStore implements SessionRepository {
        private final SessionRepository store = new MemorySessionRepository(InstantSource.system());
        private final Set<SessionKey> keys = ConcurrentHashMap.newKeySet();
        private volatile Predicate<SessionSave> refused = save -> false;

        @Override
        public LoadedSessions load(Collection<SessionKey> asked) {
            return store.load(asked);
        }

        @Override
        public SavedSessions saveIfUnchanged(List<SessionSave> saves) {
            if (saves.stream().anyMatch(refused)) {
                throw new NotSavedException("no room");
            }
            saves.forEach(save -> keys.add(save.key()));
            return store.saveIfUnchanged(saves);
        }

        @Override
        public long removeLapsed() {
            return store.removeLapsed();
        }
    }
}
