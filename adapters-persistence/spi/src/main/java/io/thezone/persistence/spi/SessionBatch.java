package io.thezone.persistence.spi;

import com.google.common.collect.Lists;
import io.thezone.application.StoreUnavailableException;
import io.thezone.domain.Session;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.Executor;

/**
 * The updates of one round of a writer: load, decide, save, publish, until each is settled. Sessions that another node
 * changed in between, and those whose "no change" was decided on a cached copy, are decided again on a fresh load.
 */
final class SessionBatch {
    /** A broken connection may be followed by another; what fails twice is the store's fault. */
    private static final int MAX_FAILURES = 2;

    record Parts(
            SessionRepository repository, SessionCache cache, StoreClock clock, Trouble store, Trouble cacheTrouble) {}

    /** Waking a thread for each answer would cost more than the answer; waiting for more than a few would hold the last up. */
    private static final int ANSWERS_PER_TASK = 8;

    /**
     * What a session was decided on.
     *
     * @param fresh whether the store itself told; if not, only a save shows that it was true
     */
    private record Copy(Session session, long version, Instant now, boolean fresh) {
        static Copy absent(Instant now, boolean fresh) {
            return new Copy(Session.EMPTY, StoredSession.ABSENT, now, fresh);
        }

        /** @throws UnreadableSessionException if it cannot be read */
        static Copy of(StoredSession stored, Instant now, boolean fresh) {
            return new Copy(SessionDocument.read(stored), stored.version(), now, fresh);
        }
    }

    private record Decision(List<PendingUpdate<?>> updates, SessionSave save) {}

    private final Parts parts;
    private final Executor answering;
    /** In the order of the keys, which is what keeps concurrent batches free of deadlocks. */
    private final Map<SessionKey, List<PendingUpdate<?>>> open = new TreeMap<>();

    private final List<Runnable> answers = new ArrayList<>();

    SessionBatch(Parts parts, List<PendingUpdate<?>> updates, Executor answering) {
        this.parts = parts;
        this.answering = answering;
        for (PendingUpdate<?> update : updates) {
            open.computeIfAbsent(update.key, key -> new ArrayList<>(1)).add(update);
        }
    }

    void settle() {
        boolean mayUseCache = true;
        int failures = 0;
        while (!open.isEmpty()) {
            try {
                attempt(mayUseCache);
            } catch (RuntimeException e) {
                failures++;
                if (failures == MAX_FAILURES) {
                    parts.store().failed(e);
                    failAll(new StoreUnavailableException("the store does not answer", e));
                }
            }
            answer();
            mayUseCache = false;
            open.values().removeIf(updates -> updates.stream().allMatch(PendingUpdate::isAnswered));
        }
    }

    private void attempt(boolean mayUseCache) {
        Map<SessionKey, Decision> decisions = new TreeMap<>();
        copies(mayUseCache).forEach((key, copy) -> decide(key, copy).ifPresent(it -> decisions.put(key, it)));
        if (!decisions.isEmpty()) {
            save(List.copyOf(decisions.values()));
        }
    }

    private Map<SessionKey, Copy> copies(boolean mayUseCache) {
        Map<SessionKey, Copy> copies = new HashMap<>();
        if (mayUseCache) {
            parts.clock().now().ifPresent(now -> copies.putAll(cached(now)));
        }
        Set<SessionKey> missing = new TreeSet<>(open.keySet());
        missing.removeAll(copies.keySet());
        if (!missing.isEmpty()) {
            copies.putAll(loaded(missing));
        }
        return copies;
    }

    /**
     * A session of which there is no copy is taken to be new: if so, its first stream is saved without a load; if not, that
     * save finds it and saves nothing.
     */
    private Map<SessionKey, Copy> cached(Instant now) {
        Map<SessionKey, Copy> copies = new HashMap<>();
        if (parts.cache() == SessionCache.NONE) {
            return copies;
        }
        try {
            Map<SessionKey, StoredSession> held = parts.cache().get(open.keySet());
            for (SessionKey key : open.keySet()) {
                StoredSession stored = held.get(key);
                copies.put(key, stored == null ? Copy.absent(now, false) : Copy.of(stored, now, false));
            }
            parts.cacheTrouble().worked();
        } catch (RuntimeException e) {
            parts.cacheTrouble().failed(e);
        }
        return copies;
    }

    private Map<SessionKey, Copy> loaded(Collection<SessionKey> missing) {
        LoadedSessions loaded = parts.repository().load(missing);
        parts.clock().told(loaded.now());
        parts.store().worked();
        Map<SessionKey, Copy> copies = new HashMap<>();
        for (SessionKey key : missing) {
            StoredSession stored = loaded.sessions().get(key);
            if (stored == null) {
                copies.put(key, Copy.absent(loaded.now(), true));
            } else {
                try {
                    copies.put(key, Copy.of(stored, loaded.now(), true));
                } catch (UnreadableSessionException e) {
                    fail(
                            settled(key),
                            new StoreUnavailableException("a stored session cannot be read by this node", e));
                }
            }
        }
        return copies;
    }

    /** Folds all updates of a session into one change; empty when there is none to be saved. */
    @SuppressWarnings("ReferenceEquality") // a step that changes nothing answers with the very instance it was given
    private Optional<Decision> decide(SessionKey key, Copy copy) {
        List<PendingUpdate<?>> updates = open.getOrDefault(key, List.of());
        Instant now = later(copy.now(), copy.session().changedAt());
        Session next = copy.session();
        for (PendingUpdate<?> update : updates) {
            next = update.decide(next, now);
        }
        if (next != copy.session()) {
            return Optional.of(new Decision(
                    updates,
                    new SessionSave(
                            key,
                            copy.version(),
                            copy.now(),
                            next.lapsesAt(),
                            SessionDocument.FORMAT,
                            SessionDocument.write(next))));
        }
        if (copy.fresh()) {
            confirm(settled(key));
        }
        return Optional.empty();
    }

    /** Saves; what the store cannot hold is found by halving, so that its neighbours do not suffer. */
    private void save(List<Decision> decisions) {
        SavedSessions saved;
        try {
            saved = parts.repository()
                    .saveIfUnchanged(decisions.stream().map(Decision::save).toList());
        } catch (RejectedDataException e) {
            if (decisions.size() == 1) {
                fail(settled(decisions.get(0).save().key()), e);
            } else {
                int half = decisions.size() / 2;
                save(decisions.subList(0, half));
                save(decisions.subList(half, decisions.size()));
            }
            return;
        }
        parts.clock().told(saved.now());
        parts.store().worked();
        Map<SessionKey, StoredSession> copies = new HashMap<>();
        for (Decision decision : decisions) {
            SessionSave save = decision.save();
            Long version = saved.versions().get(save.key());
            if (version != null) {
                copies.put(save.key(), new StoredSession(version, save.format(), save.document()));
                confirm(settled(save.key()));
            }
        }
        publish(copies);
    }

    private void publish(Map<SessionKey, StoredSession> copies) {
        try {
            parts.cache().publish(copies);
        } catch (RuntimeException e) {
            parts.cacheTrouble().failed(e);
        }
    }

    private List<PendingUpdate<?>> settled(SessionKey key) {
        List<PendingUpdate<?>> updates = open.remove(key);
        return updates == null ? List.of() : updates;
    }

    private void confirm(List<PendingUpdate<?>> updates) {
        updates.forEach(update -> answers.add(update::confirm));
    }

    private void fail(List<PendingUpdate<?>> updates, RuntimeException cause) {
        updates.forEach(update -> answers.add(() -> update.fail(cause)));
    }

    private void answer() {
        for (List<Runnable> some : Lists.partition(List.copyOf(answers), ANSWERS_PER_TASK)) {
            answering.execute(() -> some.forEach(Runnable::run));
        }
        answers.clear();
    }

    private void failAll(RuntimeException cause) {
        open.values().forEach(updates -> fail(updates, cause));
        open.clear();
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
