package io.thezone.persistence.engine;

import io.thezone.application.StoreUnavailableException;
import io.thezone.domain.Session;
import io.thezone.persistence.spi.NotSavedException;
import io.thezone.persistence.spi.RejectedDataException;
import io.thezone.persistence.spi.SavedSessions;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.SessionSave;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;

/**
 * Decides and saves the updates of one round of a writer, until each is settled. The first attempt decides what it can without
 * loading; a decision that changes nothing is an answer only if it was made on a load. The store saves a change only if it still
 * holds what the change was decided on. A session that fails this check is loaded and decided again.
 */
final class SessionBatch {
    /** A broken connection may be followed by a good one. What fails twice is the store's fault. */
    private static final int MAX_FAILURES = 2;

    private final EngineParts parts;
    private final SessionCopies copies;
    private final OpenUpdates updates;

    /** Whether the current attempt has begun to save: whether it is the save that fails. */
    private boolean saving;

    /** @param answering runs the answers */
    SessionBatch(EngineParts parts, RecentSessions recent, List<PendingUpdate<?>> updates, Executor answering) {
        this.parts = parts;
        this.copies = new SessionCopies(parts, recent);
        this.updates = new OpenUpdates(updates, answering);
    }

    /** @return the updates left undecided, in their order, because their session has used up its share of the round */
    List<PendingUpdate<?>> settle() {
        boolean mayHaveSaved = false;
        int failures = 0;
        for (boolean first = true; !updates.isEmpty(); first = false) {
            try {
                attempt(first);
            } catch (RuntimeException e) {
                mayHaveSaved |= saving && !(e instanceof NotSavedException);
                failures++;
                if (failures == MAX_FAILURES) {
                    giveUp(e, mayHaveSaved);
                }
            }
            updates.answer();
        }
        return updates.postponed();
    }

    private void attempt(boolean first) {
        saving = false;
        Map<SessionKey, SessionSave> decisions = new TreeMap<>();
        if (first) {
            parts.store().now().ifPresent(now -> decideWithoutLoading(now, decisions));
        }
        List<SessionKey> undecided = updates.keys();
        undecided.removeAll(decisions.keySet());
        copies.load(undecided, (key, session, now) -> decideOnLoad(key, session, now, decisions), this::failAlone);
        if (!decisions.isEmpty()) {
            saving = true;
            save(List.copyOf(decisions.values()));
        }
    }

    /**
     * Decides on what the writer remembers, else as if the session were new, else on the cache's copy. A session that was stored
     * cannot be new.
     */
    private void decideWithoutLoading(Instant now, Map<SessionKey, SessionSave> decisions) {
        List<SessionKey> undecided = new ArrayList<>();
        for (SessionKey key : updates.keys()) {
            copies.remembered(key).ifPresentOrElse(session -> decideIfPossible(key, session, now, decisions), () -> {
                if (!copies.mayBeNew(key) || !decideIfPossible(key, VersionedSession.ABSENT, now, decisions)) {
                    undecided.add(key);
                }
            });
        }
        copies.fromCache(undecided, (key, copy) -> decideIfPossible(key, copy, now, decisions));
    }

    /** A copy that cannot be decided on is treated as one on which nothing changes: the session is loaded. */
    private boolean decideIfPossible(
            SessionKey key, VersionedSession copy, Instant now, Map<SessionKey, SessionSave> decisions) {
        try {
            return decide(key, copy, now, decisions);
        } catch (RuntimeException e) {
            return false;
        }
    }

    private void decideOnLoad(
            SessionKey key, VersionedSession session, Instant now, Map<SessionKey, SessionSave> decisions) {
        if (!decide(key, session, now, decisions)) {
            updates.confirm(key);
        }
    }

    private void failAlone(SessionKey key, RuntimeException cause) {
        int failed =
                updates.fail(key, new StoreUnavailableException("a stored session cannot be read by this node", cause));
        parts.sessionFailures().failed(key, failed, cause);
    }

    /** Folds all updates of a session into one change, to be saved; false if nothing changes. */
    @SuppressWarnings("ReferenceEquality") // a step that changes nothing answers with the very instance it was given
    private boolean decide(
            SessionKey key, VersionedSession base, Instant observed, Map<SessionKey, SessionSave> decisions) {
        Session current = base.session().asOf(observed);
        Session next = updates.apply(key, current, later(observed, current.changedAt()));
        if (next == base.session()) {
            return false;
        }
        int format = parts.format().getAsInt();
        String document = SessionDocument.write(next, format);
        decisions.put(key, new SessionSave(key, base.stored(), observed, next.lapsesAt(), format, document));
        return true;
    }

    /** Saves. What the store cannot hold is found by halving, so that the other sessions are saved. */
    private void save(List<SessionSave> decisions) {
        SavedSessions saved;
        try {
            saved = parts.store().save(decisions);
        } catch (RejectedDataException e) {
            if (decisions.size() == 1) {
                SessionKey key = decisions.get(0).key();
                parts.sessionFailures().failed(key, updates.fail(key, e), e);
            } else {
                int half = decisions.size() / 2;
                save(decisions.subList(0, half));
                save(decisions.subList(half, decisions.size()));
            }
            return;
        }
        copies.saved(decisions, saved.versions());
        saved.versions().keySet().forEach(updates::confirm);
    }

    private void giveUp(RuntimeException cause, boolean mayHaveSaved) {
        if (saving) {
            parts.store().saveFailed(cause, updates.keys().size());
        } else {
            parts.store().loadFailed(cause);
        }
        updates.failAll(new StoreUnavailableException("the store does not answer", cause, mayHaveSaved));
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
