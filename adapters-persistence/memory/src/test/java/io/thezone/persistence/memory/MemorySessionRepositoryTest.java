package io.thezone.persistence.memory;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thezone.persistence.contract.SessionRepositoryContract;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.SessionRepository;
import io.thezone.persistence.spi.SessionSave;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Runs the contract on a store whose clock is an hour ahead of the engine's, which must not matter. */
class MemorySessionRepositoryTest implements SessionRepositoryContract {
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");
    private static final SessionKey KEY = new SessionKey(1, 2);

    private final SessionRepository repository =
            new MemorySessionRepository(InstantSource.offset(InstantSource.system(), Duration.ofHours(1)));

    @Override
    public SessionRepository repository() {
        return repository;
    }

    @Test
    void aDecisionIsSavedAfterTwoSecondsButNotAMicrosecondLater() {
        assertEquals(Map.of(), savedAt(NOW.plusSeconds(2).plusNanos(1_000)));
        assertEquals(Map.of(KEY, 1L), savedAt(NOW.plusSeconds(2)));
    }

    private static Map<SessionKey, Long> savedAt(Instant now) {
        return new MemorySessionRepository(InstantSource.fixed(now))
                .saveIfUnchanged(List.of(new SessionSave(KEY, Optional.empty(), NOW, NOW.plusSeconds(60), 1, "{}")))
                .versions();
    }
}
