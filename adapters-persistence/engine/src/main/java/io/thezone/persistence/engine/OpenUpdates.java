package io.thezone.persistence.engine;

import com.google.common.collect.Lists;
import io.thezone.domain.Session;
import io.thezone.domain.Step;
import io.thezone.persistence.spi.SessionKey;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executor;

/** The updates of a batch that are not settled yet, by session. */
final class OpenUpdates {
    /** Waking a thread for each answer would cost more than the answer; longer tasks would delay the last answer in them. */
    private static final int ANSWERS_PER_TASK = 32;

    /**
     * The search steps that a session may take in a batch. Once they are used up, its undecided updates wait for the next batch:
     * a session with long searches delays the others of its writer by about one of them. Repeated decisions count again.
     */
    private static final int SHARE = Step.MAX_COST / 2;

    private final Executor answering;

    /** In the order of the keys: stores lock rows in that order, which keeps concurrent batches free of deadlocks. */
    private final Map<SessionKey, List<PendingUpdate<?>>> open = new TreeMap<>();

    /** The search steps taken, of the sessions that took any. */
    private final Map<SessionKey, Integer> costs = new HashMap<>();

    private final List<PendingUpdate<?>> postponed = new ArrayList<>();
    private List<Runnable> answers = new ArrayList<>();

    OpenUpdates(List<PendingUpdate<?>> updates, Executor answering) {
        this.answering = answering;
        for (PendingUpdate<?> update : updates) {
            open.computeIfAbsent(update.key, key -> new ArrayList<>(1)).add(update);
        }
    }

    boolean isEmpty() {
        return open.isEmpty();
    }

    /** Returns the keys of the open sessions, in order. */
    List<SessionKey> keys() {
        return new ArrayList<>(open.keySet());
    }

    /** Returns the updates that are left for the next batch, in their order. */
    List<PendingUpdate<?>> postponed() {
        return postponed;
    }

    /** Applies the updates of a session in their order. Once its share is used up, those that are not decided are postponed. */
    Session apply(SessionKey key, Session session, Instant now) {
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

    /** Settles the updates of a session with their outcomes. */
    void confirm(SessionKey key) {
        close(key).forEach(update -> answers.add(update::confirm));
    }

    /**
     * Settles the updates of a session with a failure.
     *
     * @return how many they were
     */
    int fail(SessionKey key, RuntimeException cause) {
        List<PendingUpdate<?>> updates = close(key);
        updates.forEach(update -> answers.add(() -> update.fail(cause)));
        return updates.size();
    }

    void failAll(RuntimeException cause) {
        keys().forEach(key -> fail(key, cause));
    }

    /** Gives the answers of what was settled, and closes sessions whose updates were all answered by the time limit. */
    void answer() {
        for (List<Runnable> task : Lists.partition(answers, ANSWERS_PER_TASK)) {
            answering.execute(() -> task.forEach(Runnable::run));
        }
        answers = new ArrayList<>();
        open.values().removeIf(updates -> updates.stream().allMatch(PendingUpdate::isAnswered));
    }

    private List<PendingUpdate<?>> close(SessionKey key) {
        List<PendingUpdate<?>> updates = open.remove(key);
        return updates == null ? List.of() : updates;
    }
}
