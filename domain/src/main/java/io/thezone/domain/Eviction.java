package io.thezone.domain;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Looks for the smallest set of streams whose end makes room for one more; among equals the one that holds the most preferred
 * stream, then the next, and so on. Whichever set it is, it holds a stream that counts against the rule that is used up,
 * so the search need only try those.
 */
final class Eviction {
    /** More rules overlap over more streams than any household has before this many are needed. */
    static final int MAX_STEPS = 1_000;

    private final StreamQuota quota;
    private final Attributes asking;
    private final List<Stream> live;
    private final List<Stream> endable;

    private int steps;

    private Eviction(StreamQuota quota, Attributes asking, List<Stream> live) {
        this.quota = quota;
        this.asking = asking;
        this.live = live;
        this.endable = quota.endable(live, asking);
    }

    /** The streams to end, the most preferred first; empty when no set helps or none was found in {@link #MAX_STEPS}. */
    static List<Stream> from(List<Stream> live, StreamQuota quota, Attributes asking) {
        return new Eviction(quota, asking, live).smallest();
    }

    private List<Stream> smallest() {
        if (endable.isEmpty() || exhaustedWithout(setOf(endable)).isPresent()) {
            return List.of();
        }
        for (int size = 1; size <= endable.size() && steps <= MAX_STEPS; size++) {
            Set<Stream> found = setOf(List.of());
            if (isCompleted(found, setOf(List.of()), size)) {
                return preferred(found);
            }
        }
        return List.of();
    }

    /** Adds at most so many streams to the ended ones that there is room; leaves them as they were if none do. */
    private boolean isCompleted(Set<Stream> ended, Set<Stream> barred, int most) {
        Optional<ExhaustedRule> exhausted = exhaustedWithout(ended);
        if (exhausted.isEmpty()) {
            return true;
        }
        steps++;
        if (exhausted.get().surplus() > most || steps > MAX_STEPS) {
            return false;
        }
        Set<Stream> counted = setOf(exhausted.get().streams());
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

    /** Of all sets of this size that make room, the one that holds the most preferred streams. */
    private List<Stream> preferred(Set<Stream> found) {
        Set<Stream> best = found;
        List<Stream> chosen = new ArrayList<>();
        for (Stream stream : endable) {
            if (!best.contains(stream)) {
                Set<Stream> other = setOf(chosen);
                other.add(stream);
                if (chosen.size() < best.size() && isCompleted(other, setOf(other), best.size() - other.size())) {
                    best = other;
                }
            }
            if (best.contains(stream)) {
                chosen.add(stream);
            }
        }
        return chosen;
    }

    private Optional<ExhaustedRule> exhaustedWithout(Set<Stream> ended) {
        List<Stream> rest = new ArrayList<>(live.size());
        for (Stream stream : live) {
            if (!ended.contains(stream)) {
                rest.add(stream);
            }
        }
        return quota.exhaustedBy(rest, asking);
    }

    private static Set<Stream> setOf(Iterable<Stream> streams) {
        Set<Stream> set = Collections.newSetFromMap(new IdentityHashMap<>());
        streams.forEach(set::add);
        return set;
    }
}
