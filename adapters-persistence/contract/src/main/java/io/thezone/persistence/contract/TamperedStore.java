package io.thezone.persistence.contract;

import io.thezone.persistence.spi.LoadedSessions;
import io.thezone.persistence.spi.SavedSessions;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.SessionRepository;
import io.thezone.persistence.spi.SessionSave;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;

/** A store that counts calls, can delay its answers, and runs code before and after each save. */
class TamperedStore implements SessionRepository {
    final AtomicInteger loads = new AtomicInteger();
    final AtomicInteger saves = new AtomicInteger();

    private final SessionRepository store;
    private final CountDownLatch open;

    TamperedStore(SessionRepository store) {
        this(store, new CountDownLatch(0));
    }

    /** @param open until then nothing is loaded, so that what is asked for gathers into batches */
    TamperedStore(SessionRepository store, CountDownLatch open) {
        this.store = store;
        this.open = open;
    }

    void beforeLoad(Collection<SessionKey> keys) {}

    /** @param save counts from 0 */
    void beforeSave(int save, List<SessionSave> batch) {}

    /** @param save counts from 0 */
    void afterSave(int save) {}

    @Override
    public LoadedSessions load(Collection<SessionKey> keys) {
        loads.incrementAndGet();
        Concurrently.await(open);
        beforeLoad(keys);
        return store.load(keys);
    }

    @Override
    public SavedSessions saveIfUnchanged(List<SessionSave> batch) {
        int save = saves.getAndIncrement();
        beforeSave(save, batch);
        SavedSessions saved = store.saveIfUnchanged(batch);
        afterSave(save);
        return saved;
    }
}
