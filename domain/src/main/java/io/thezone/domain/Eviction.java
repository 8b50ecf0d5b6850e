package io.thezone.domain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks for the smallest set of streams whose end makes room for one more; among equals the one that holds the most preferred
 * stream, then the next, and so on. Whichever set it is, it holds a stream of each rule that is used up, so the search
 * tries only those of one such rule, and gives a branch up as soon as the rules together need more than are left to end.
 */
final class Eviction {
    /** In looks of a rule at a stream; about two milliseconds, because others wait meanwhile. */
    static final int MAX_COST = 200_000;

    private final StreamQuota quota;
    private final Attributes asking;
    private final Optional<Attributes> place;
    private final List<Stream> live;
    private final List<Stream> endable;

    private int cost;

    private Eviction(List<Stream> live, StreamQuota quota, Attributes asking, Optional<Attributes> place) {
        this.quota = quota;
        this.asking = asking;
        this.place = place;
        this.live = live;
        this.endable = quota.endable(live, asking);
    }

    /** The streams to end, the most preferred first; empty when no set helps or the search costs too much. */
    static List<Stream> from(List<Stream> live, StreamQuota quota, Attributes asking, Optional<Attributes> place) {
        return new Eviction(live, quota, asking, place).smallest();
    }

    private List<Stream> smallest() {
        if (endable.isEmpty() || !exhaustedWithout(setOf(endable)).isEmpty()) {
            return List.of();
        }
        int size = needed(exhaustedWithout(setOf(List.of())));
        Set<Stream> found = setOf(List.of());
        while (!isCompleted(found, setOf(List.of()), size)) {
            size++;
            if (isTooExpensive()) {
                return List.of();
            }
        }
        List<Stream> preferred = preferred(found);
        return isTooExpensive() ? List.of() : preferred;
    }

    /** Adds at most so many streams to the ended ones that there is room; leaves them as they were if none do. */
    private boolean isCompleted(Set<Stream> ended, Set<Stream> barred, int most) {
        List<ExhaustedRule> exhausted = exhaustedWithout(ended);
        if (exhausted.isEmpty()) {
            return true;
        }
        if (needed(exhausted) > most || isTooExpensive()) {
            return false;
        }
        Set<Stream> counted = setOf(exhausted.get(0).streams());
        List<Stream> tried = new ArrayList<>();
        for (Stream stream : endable) {
            if (counted.contains(stream) && barred.add(stream)) {
                tried.add(stream);
                ended.add(stream);
                if (isCompleted(ended, barred, most - 1)) {
                    return true;
                }
                ended.remove(stream);
            }
        }
        tried.forEach(barred::remove);
        return false;
    }

    /** How many streams at least must end: rules that share no stream need theirs each. Sorts the rules by their streams. */
    private static int needed(List<ExhaustedRule> exhausted) {
        exhausted.sort(Comparator.comparingInt(rule -> rule.streams().size()));
        int needed = 0;
        int most = 0;
        Set<Stream> used = setOf(List.of());
        for (ExhaustedRule rule : exhausted) {
            most = Math.max(most, rule.surplus());
            if (Collections.disjoint(used, rule.streams())) {
                used.addAll(rule.streams());
                needed += rule.surplus();
            }
        }
        return Math.max(needed, most);
    }

    /** Of all sets of this size that make room, the one that holds the most preferred streams. */
    private List<Stream> preferred(Set<Stream> found) {
        Set<Stream> best = found;
        List<Stream> chosen = new ArrayList<>();
        for (Stream stream : endable) {
            if (!best.contains(stream) && chosen.size() < best.size()) {
                Set<Stream> other = setOf(chosen);
                other.add(stream);
                if (isCompleted(other, setOf(other), best.size() - other.size())) {
                    best = other;
                }
            }
            if (best.contains(stream)) {
                chosen.add(stream);
            }
        }
        return chosen;
    }

    private boolean isTooExpensive() {
        return cost > MAX_COST;
    }

    private List<ExhaustedRule> exhaustedWithout(Set<Stream> ended) {
        List<Stream> rest = new ArrayList<>(live.size());
        for (Stream stream : live) {
            if (!ended.contains(stream)) {
                rest.add(stream);
            }
        }
        cost += (1 + quota.rules().size()) * (1 + rest.size());
        return quota.allExhaustedBy(rest, asking, place);
    }

    private static Set<Stream> setOf(Iterable<Stream> streams) {
        Set<Stream> set = Collections.newSetFromMap(new IdentityHashMap<>());
        streams.forEach(set::add);
        return set;
    }
}
