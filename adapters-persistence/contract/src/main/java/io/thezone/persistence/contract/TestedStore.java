package io.thezone.persistence.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.SessionRepository;
import io.thezone.persistence.spi.SessionSave;
import io.thezone.persistence.spi.StoredSession;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** The store under test, with the calls that the rules make. */
final class TestedStore {
    static final String DOCUMENT = "{\"changedAt\":1}";
    static final String OTHER_DOCUMENT = "{\"changedAt\":2}";
    static final Optional<StoredSession> ABSENT = Optional.empty();

    /** How long a promise that names no time may take on a machine that is busy. */
    static final Duration DEADLINE = Duration.ofSeconds(20);

    private static final Duration LIFE = Duration.ofMinutes(10);
    private static final JsonMapper JSON = new JsonMapper();

    private final SessionRepository repository;

    TestedStore(SessionRepository repository) {
        this.repository = repository;
    }

    Instant now() {
        return repository.load(List.of()).now();
    }

    boolean isAbsent(SessionKey key) {
        return repository.load(List.of(key)).sessions().isEmpty();
    }

    StoredSession held(SessionKey key) {
        Map<SessionKey, StoredSession> sessions = repository.load(List.of(key)).sessions();
        assertEquals(Set.of(key), sessions.keySet());
        return sessions.values().iterator().next();
    }

    StoredSession insert(SessionKey key) {
        return saved(saveOf(key, ABSENT, DOCUMENT));
    }

    StoredSession insertLapsed(SessionKey key) {
        return saved(lapsedSaveOf(key, ABSENT));
    }

    StoredSession update(SessionKey key, StoredSession base, String document) {
        return saved(saveOf(key, Optional.of(base), document));
    }

    /** Saves and returns what it was saved as; a lost race is a failure. */
    StoredSession saved(SessionSave save) {
        Map<SessionKey, Long> versions = save(save);
        assertEquals(Set.of(save.key()), versions.keySet());
        return new StoredSession(versions.values().iterator().next(), save.format(), save.document());
    }

    Map<SessionKey, Long> save(SessionSave... saves) {
        return repository.saveIfUnchanged(List.of(saves)).versions();
    }

    SessionSave saveOf(SessionKey key, Optional<StoredSession> base, String document) {
        return saveOf(key, base, now(), document);
    }

    SessionSave lapsedSaveOf(SessionKey key, Optional<StoredSession> base) {
        return lapsedSaveOf(key, base, now());
    }

    SessionSave lapsedSaveOf(SessionKey key, Optional<StoredSession> base, Instant decidedAt) {
        return new SessionSave(key, base, decidedAt, decidedAt.minus(LIFE), 1, DOCUMENT);
    }

    SessionSave saveOf(SessionKey key, Optional<StoredSession> base, Instant decidedAt, String document) {
        return new SessionSave(key, base, decidedAt, decidedAt.plus(LIFE), 1, document);
    }

    static void assertSameJson(String expected, String actual) {
        try {
            assertEquals(JSON.readTree(expected), JSON.readTree(actual));
        } catch (JsonProcessingException e) {
            throw new AssertionError("not JSON", e);
        }
    }
}
