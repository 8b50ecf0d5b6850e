package io.thezone.persistence.engine;

import com.google.common.collect.Lists;
import io.thezone.application.StoreUnavailableException;
import io.thezone.domain.Session;
import io.thezone.domain.Step;
import io.thezone.persistence.spi.LoadedSessions;
import io.thezone.persistence.spi.NotSavedException;
import io.thezone.persistence.spi.RejectedDataException;
import io.thezone.persistence.spi.SavedSessions;
import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.SessionRepository;
import io.thezone.persistence.spi.SessionSave;
import io.thezone.persistence.spi.StoredSession;
import io.thezone.persistence.spi.Trouble;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The updates of one round of a writer: decide, save, publish, until each is settled. A session is decided on what its writer
 * remembers of it, or as a new one. Where that changes nothing, one that is remembered is loaded, and one that is not is decided
 * on the cache's copy first, and loaded where that changes nothing either. The store checks each change; an answer that
 * changes nothing is given on a load only. Sessions that another node changed in between are decided again on a fresh load.
 */
final class SessionBatch {
    /** A broken connection may be followed by another; what fails twice is the store's fault. */
    private static final int MAX_FAILURES = 2;

    /** Waking a thread for each answer would cost more than the answer; waiting for too many would hold the last up. */
    private static final int ANSWERS_PER_TASK = 32;

    /**
     * What the searches of one session may cost in a round before those of its updates that are not decided yet wait for the next,
     * so that a session whose searches are long holds up the others of its writer for about one of them. All runs count.
     */
    private static final int SHARE = Step.MAX_COST / 2;

    record Parts(
            LongSupplier nanoTime,
            IntSupplier format,
            SessionRepository repository,
            SessionCache cache,
            StoreClock clock,
            Trouble loading,
            Trouble saving,
            RecentSaves saves,
            Trouble cacheTrouble,
            SessionTrouble sessionTrouble) {}

    private final Parts parts;
    private final RecentSessions recent;
    private final CacheUse cacheUse;
    private final boolean usesCache;
    private final Executor answering;
    /** In the order of the keys, which is what keeps concurrent batches free of deadlocks. */
    private final Map<SessionKey, List<PendingUpdate<?>>> open = new TreeMap<>();

    private final CachedCopies cached;

    /** What was remembered, decoded once. */
    private final Map<SessionKey, Copy> remembered = new HashMap<>();

    /** What searches have cost, of the sessions that needed any. */
    private final Map<SessionKey, Integer> costs = new HashMap<>();

    /** Updates whose sessions have used up their share. */
    private final List<PendingUpdate<?>> postponed = new ArrayList<>();

    private List<Runnable> answers = new ArrayList<>();

    /** What the store was last asked for, and so what it is that fails. */
    private Trouble asked;

    SessionBatch(
            Parts parts, RecentSessions recent, CacheUse cacheUse, List<PendingUpdate<?>> updates, Executor answering) {
        this.parts = parts;
        this.recent = recent;
        this.cacheUse = cacheUse;
        this.usesCache = cacheUse.isWorthwhile();
        this.cached = new CachedCopies(parts.cache(), parts.cacheTrouble());
        this.answering = answering;
        this.asked = parts.loading();
        for (PendingUpdate<?> update : updates) {
            open.computeIfAbsent(update.key, key -> new ArrayList<>(1)).add(update);
        }
    }

    /** @return those that are left undecided, in their order, because their session has used up its share of the round */
    List<PendingUpdate<?>> settle() {
        boolean mayGuess = true;
        boolean mayHaveSaved = false;
        int failures = 0;
        while (!open.isEmpty()) {
            try {
                attempt(mayGuess);
            } catch (RuntimeException e) {
                boolean saving = asked == parts.saving();
                mayHaveSaved |= saving && !(e instanceof NotSavedException);
                failures++;
                if (failures == MAX_FAILURES) {
                    asked.failed(e);
                    if (saving) {
                        parts.saves().failed(open.size());
                    }
                    failAll(new StoreUnavailableException("the store does not answer", e, mayHaveSaved));
                }
            }
            answer();
            mayGuess = false;
            open.values().removeIf(updates -> updates.stream().allMatch(PendingUpdate::isAnswered));
        }
        return postponed;
    }

    private void attempt(boolean mayGuess) {
        Map<SessionKey, SessionSave> decisions = new TreeMap<>();
        if (mayGuess) {
            parts.clock().now().ifPresent(now -> guess(now, decisions));
        }
        if (decisions.size() < open.size()) {
            List<SessionKey> rest = new ArrayList<>(open.keySet());
            rest.removeAll(decisions.keySet());
            load(rest, decisions);
            cached.dropLost();
        }
        if (!decisions.isEmpty()) {
            save(List.copyOf(decisions.values()));
        }
    }

    /**
     * Decides what needs no load. A session of which nothing is known is taken to be new: if so, its first stream is saved
     * without a load; if not, that save finds it and saves nothing. One that was stored, but is not remembered, is not.
     */
    private void guess(Instant now, Map<SessionKey, SessionSave> decisions) {
        List<SessionKey> unknown = new ArrayList<>();
        for (SessionKey key : open.keySet()) {
            StoredSession known = recent.get(key);
            Optional<Copy> copy = known == null ? Optional.empty() : Copy.ifReadable(known);
            if (copy.isPresent()) {
                remembered.put(key, copy.get());
                guess(key, copy.get(), now, decisions);
            } else if (recent.wasStored(key) || !guess(key, Copy.ABSENT, now, decisions)) {
                unknown.add(key);
            }
        }
        if (!unknown.isEmpty() && usesCache) {
            long began = parts.nanoTime().getAsLong();
            Map<SessionKey, Copy> copies = cached.read(unknown);
            long took = parts.nanoTime().getAsLong() - began;
            int before = decisions.size();
            copies.forEach((key, copy) -> guess(key, copy, now, decisions));
            cacheUse.asked(unknown.size(), took, copies.size(), decisions.size() - before);
        }
    }

    /** A guess that cannot be decided is as good as one that changes nothing: the store knows more. */
    private boolean guess(SessionKey key, Copy copy, Instant now, Map<SessionKey, SessionSave> decisions) {
        try {
            return decide(key, copy, now, decisions);
        } catch (RuntimeException e) {
            return false;
        }
    }

    /** Decides on what the store tells; what it cannot read is found by halving. */
    private void load(List<SessionKey> keys, Map<SessionKey, SessionSave> decisions) {
        asked = parts.loading();
        long began = parts.nanoTime().getAsLong();
        LoadedSessions loaded;
        try {
            loaded = parts.repository().load(keys);
        } catch (RejectedDataException e) {
            if (keys.size() == 1) {
                failAlone(keys.get(0), e);
            } else {
                int half = keys.size() / 2;
                load(keys.subList(0, half), decisions);
                load(keys.subList(half, keys.size()), decisions);
            }
            return;
        }
        cacheUse.loaded(keys.size(), parts.nanoTime().getAsLong() - began);
        parts.clock().told(loaded.now());
        asked.worked();
        for (SessionKey key : keys) {
            try {
                decideOnLoad(key, loaded.sessions().get(key), loaded.now(), decisions);
            } catch (RuntimeException e) {
                failAlone(key, e);
            }
        }
    }

    /** Where that changes nothing, it is the answer. */
    private void decideOnLoad(
            SessionKey key, @Nullable StoredSession stored, Instant now, Map<SessionKey, SessionSave> decisions) {
        cached.compare(key, stored);
        if (!decide(key, read(key, stored), now, decisions)) {
            confirm(settled(key));
        }
    }

    private void failAlone(SessionKey key, RuntimeException cause) {
        List<PendingUpdate<?>> updates = settled(key);
        parts.sessionTrouble().failed(key, updates.size(), cause);
        fail(updates, new StoreUnavailableException("a stored session cannot be read by this node", cause));
    }

    /** What is remembered already is neither decoded nor remembered again. */
    private Copy read(SessionKey key, @Nullable StoredSession stored) {
        if (stored == null) {
            recent.forget(key);
            return Copy.ABSENT;
        }
        Copy known = remembered.get(key);
        if (known != null && known.stored().equals(Optional.of(stored))) {
            return known;
        }
        Copy copy = Copy.of(stored);
        recent.put(key, stored);
        return copy;
    }

    /** Folds all updates of a session into one change, to be saved; false when there is none. */
    @SuppressWarnings("ReferenceEquality") // a step that changes nothing answers with the very instance it was given
    private boolean decide(SessionKey key, Copy copy, Instant told, Map<SessionKey, SessionSave> decisions) {
        Session current = copy.session().asOf(told);
        Session next = fold(key, current, later(told, current.changedAt()));
        if (next == copy.session()) {
            return false;
        }
        int format = parts.format().getAsInt();
        decisions.put(
                key,
                new SessionSave(
                        key, copy.stored(), told, next.lapsesAt(), format, SessionDocument.write(next, format)));
        return true;
    }

    /** Applies the updates in their order; once the share is used up those that are not decided yet are postponed. */
    private Session fold(SessionKey key, Session session, Instant now) {
        Session next = session;
        Iterator<PendingUpdate<?>> updates = open.getOrDefault(key, List.of()).iterator();
        while (updates.hasNext()) {
            PendingUpdate<?> update = updates.next();
            if (!update.isDecided() && !costs.isEmpty() && costs.getOrDefault(key, 0) >= SHARE) {
                updates.remove();
                postponed.add(update);
            } else {
                next = update.decide(next, now);
                if (update.cost() > 0) {
                    costs.merge(key, update.cost(), Integer::sum);
                }
            }
        }
        return next;
    }

    /** Saves; what the store cannot hold is found by halving, so that its neighbours do not suffer. */
    private void save(List<SessionSave> decisions) {
        SavedSessions saved;
        asked = parts.saving();
        try {
            saved = parts.repository().saveIfUnchanged(decisions);
        } catch (RejectedDataException e) {
            if (decisions.size() == 1) {
                SessionKey key = decisions.get(0).key();
                List<PendingUpdate<?>> updates = settled(key);
                parts.sessionTrouble().failed(key, updates.size(), e);
                fail(updates, e);
            } else {
                int half = decisions.size() / 2;
                save(decisions.subList(0, half));
                save(decisions.subList(half, decisions.size()));
            }
            return;
        }
        parts.clock().told(saved.now());
        parts.saves().taken(decisions.size());
        asked.worked();
        // A new session is remembered; many a one ends before it would be asked for.
        Map<SessionKey, StoredSession> copies = new HashMap<>();
        for (SessionSave save : decisions) {
            Long version = saved.versions().get(save.key());
            if (version != null) {
                StoredSession stored = new StoredSession(version, save.format(), save.document());
                if (usesCache && (save.base().isPresent() || recent.remembersNothing())) {
                    copies.put(save.key(), stored);
                }
                recent.put(save.key(), stored);
                confirm(settled(save.key()));
            }
        }
        cached.publish(copies);
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
        for (List<Runnable> some : Lists.partition(answers, ANSWERS_PER_TASK)) {
            answering.execute(() -> some.forEach(Runnable::run));
        }
        answers = new ArrayList<>();
    }

    private void failAll(RuntimeException cause) {
        open.values().forEach(updates -> fail(updates, cause));
        open.clear();
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
