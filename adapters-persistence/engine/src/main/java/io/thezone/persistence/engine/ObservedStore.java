package io.thezone.persistence.engine;

import io.thezone.persistence.spi.FailureLog;
import io.thezone.persistence.spi.LoadedSessions;
import io.thezone.persistence.spi.SavedSessions;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.SessionRepository;
import io.thezone.persistence.spi.SessionSave;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.LongSupplier;

/** The store as all writers call it: each answer sets the clock, is counted, and ends the log's report of a failure. */
final class ObservedStore {
    private final SessionRepository repository;
    private final LongSupplier nanoTime;
    private final CacheUse cacheUse;
    private final StoreClock clock;
    private final RecentSaves saves;
    private final FailureLog loadFailures = new FailureLog("loading from the store");
    private final FailureLog saveFailures = new FailureLog("saving to the store");

    ObservedStore(SessionRepository repository, LongSupplier nanoTime, CacheUse cacheUse) {
        this.repository = repository;
        this.nanoTime = nanoTime;
        this.cacheUse = cacheUse;
        this.clock = new StoreClock(nanoTime);
        this.saves = new RecentSaves(nanoTime);
    }

    LoadedSessions load(List<SessionKey> keys) {
        long began = nanoTime.getAsLong();
        LoadedSessions loaded = repository.load(keys);
        cacheUse.loaded(keys.size(), nanoTime.getAsLong() - began);
        clock.observed(loaded.now());
        loadFailures.worked();
        return loaded;
    }

    SavedSessions save(List<SessionSave> batch) {
        SavedSessions saved = repository.saveIfUnchanged(batch);
        clock.observed(saved.now());
        saves.taken(batch.size());
        saveFailures.worked();
        return saved;
    }

    void loadFailed(RuntimeException cause) {
        loadFailures.failed(cause);
    }

    /** @param sessions how many failed with it */
    void saveFailed(RuntimeException cause, int sessions) {
        saveFailures.failed(cause);
        saves.failed(sessions);
    }

    /** The store's time, estimated; empty if the store has not answered for a while. */
    Optional<Instant> now() {
        return clock.now();
    }

    SaveCounts recentSaves() {
        return saves.counts();
    }
}
