package io.thezone.persistence.contract;

import io.thezone.persistence.spi.LoadedSessions;
import io.thezone.persistence.spi.SavedSessions;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.SessionRepository;
import io.thezone.persistence.spi.SessionSave;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** Takes everything and keeps nothing. */
final class ForgetfulStore implements SessionRepository {
    @Override
    public LoadedSessions load(Collection<SessionKey> keys) {
        return new LoadedSessions(Map.of(), Instant.now());
    }

    @Override
    public SavedSessions saveIfUnchanged(List<SessionSave> saves) {
        return new SavedSessions(saves.stream().collect(Collectors.toMap(SessionSave::key, save -> 1L)), Instant.now());
    }
}
