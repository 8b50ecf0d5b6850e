package io.thezone.domain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Searches the smallest set of streams whose end makes room for one more stream. Among sets of the same size it takes the one
 * with the most preferred stream, then with the second most preferred one, and so on.
 *
 * <p>Method: branch and bound over hitting sets. Each exhausted rule is a {@link Demand}; a set that makes room contains a stream
 * of every unmet demand, so each branch tries only the streams of the demand that has the fewest. The size is raised from 0 until
 * a set is found (iterative deepening). A branch is cut when a lower bound on the ends that are still needed exceeds the size:
 * the sum over disjoint demands, or a count over all demands of how many a stream can serve. Connected components of demands are
 * solved separately, interchangeable streams are tried once, and implied demands are left out. Then each more preferred stream in
 * turn is tried as a member of a set of the same size.
 *
 * <p>Reason: rules overlap, so ending one stream may serve several, and a greedy choice would end more streams than necessary.
 *
 * <p>Source: minimum hitting set is NP-hard (Karp, Reducibility Among Combinatorial Problems, 1972); branch and bound after Land
 * and Doig, An Automatic Method of Solving Discrete Programming Problems, 1960.
 *
 * <p>Cost: exponential in the number of overlapping rules at worst, and therefore limited to {@value #MAX_COST} evaluations of a
 * demand, about a millisecond; a search that exceeds this finds nothing. The cost depends on the session and the request alone,
 * so a repeated request has the same result.
 */
final class Eviction {
    /** Evaluations of a demand, about a millisecond in all: requests of other sessions wait meanwhile. */
    static final int MAX_COST = 10_000;

    /**
     * The result of a search.
     *
     * @param streams the most preferred first; empty when no set makes room or the search costs too much
     */
    record Found(List<Stream> streams, int cost) {}

    private final List<Stream> candidates;
    private final List<Demand> demands;

    /** For each stream, itself and all later ones that every demand treats the same: it does not matter which of them ends. */
    private final List<Bits> alike;

    private int cost;

    private Eviction(List<Stream> candidates, List<Demand> demands) {
        this.candidates = candidates;
        this.demands = demands;
        this.alike = IntStream.range(0, candidates.size()).mapToObj(this::alike).toList();
    }

    static Found search(List<Stream> live, StreamQuota plan, Attributes requested, Optional<Attributes> keptPlace) {
        List<Stream> candidates = plan.evictable(live, requested);
        if (candidates.isEmpty() || candidates.size() > Bits.MAX) {
            return new Found(List.of(), 0);
        }
        List<Demand> demands = plan.demands(live, candidates, requested, keptPlace);
        if (!demands.stream().allMatch(Demand::canBeMet)) {
            return new Found(List.of(), demands.size());
        }
        Eviction eviction = new Eviction(candidates, withoutImplied(demands));
        List<Stream> ended = eviction.smallest();
        return new Found(eviction.isTooExpensive() ? List.of() : ended, eviction.cost);
    }

    private List<Stream> smallest() {
        Bits ended = new Bits();
        for (List<Demand> component : components()) {
            ended.addAll(smallest(component));
        }
        return streams(ended);
    }

    private Bits smallest(List<Demand> component) {
        int size = 0;
        Bits found = new Bits();
        while (!complete(component, found, new Bits(), size) && !isTooExpensive()) {
            size++;
        }
        return preferred(component, found);
    }

    /**
     * Adds streams to {@code ended} until all demands are met.
     *
     * @param barred streams that must not be added
     * @param most how many streams may be added
     * @return whether all demands are met; if not, {@code ended} is unchanged
     */
    private boolean complete(List<Demand> component, Bits ended, Bits barred, int most) {
        cost += component.size();
        if (isTooExpensive()) {
            return false;
        }
        List<Unmet> unmet = new ArrayList<>(component.size());
        for (Demand demand : component) {
            int missing = demand.missing(ended);
            if (missing > 0) {
                Bits usable = demand.streams().without(ended, barred);
                if (missing > most || usable.count() < missing) {
                    return false;
                }
                unmet.add(new Unmet(usable, usable.count(), missing));
            }
        }
        if (unmet.isEmpty()) {
            return true;
        }
        unmet.sort(Comparator.comparingInt(Unmet::size));
        return !needMore(unmet, most) && completeWithOneOf(unmet.get(0).usable, component, ended, barred.copy(), most);
    }

    private boolean completeWithOneOf(Bits usable, List<Demand> component, Bits ended, Bits barred, int most) {
        for (int i = usable.next(0); i < Bits.MAX; i = usable.next(i + 1)) {
            if (!barred.has(i)) {
                ended.add(i);
                if (complete(component, ended, barred, most - 1)) {
                    return true;
                }
                ended.remove(i);
                barred.addAll(alike.get(i).without(ended, barred));
            }
        }
        return false;
    }

    private static boolean needMore(List<Unmet> unmet, int most) {
        return neededByDisjoint(unmet) > most || neededByAll(unmet) > most;
    }

    /** Returns a lower bound on the ends that are needed: disjoint demands share none, so their numbers add up. */
    private static int neededByDisjoint(List<Unmet> unmet) {
        int needed = 0;
        Bits used = new Bits();
        for (Unmet demand : unmet) {
            if (demand.usable.isDisjoint(used)) {
                needed += demand.missing;
                used.addAll(demand.usable);
            }
        }
        return needed;
    }

    /**
     * Returns a lower bound on the ends that are needed: the demands miss a number of ends in all, and the end of a stream serves
     * only those demands that count it, so at best the streams end that serve the most demands.
     */
    private static int neededByAll(List<Unmet> unmet) {
        int missing = 0;
        // The set at index k holds the streams that more than k demands count: a counter in unary, for all streams at
        // once.
        List<Bits> counted = new ArrayList<>();
        for (Unmet demand : unmet) {
            missing += demand.missing;
            Bits again = demand.usable.copy();
            for (Bits times : counted) {
                Bits more = times.and(again);
                times.addAll(again);
                again = more;
            }
            counted.add(again);
        }
        int[] streams = counted.stream().mapToInt(Bits::count).toArray();
        int needed = 0;
        while (missing > 0) {
            needed++;
            for (int counting : streams) {
                missing -= counting >= needed ? 1 : 0;
            }
        }
        return needed;
    }

    /** Returns, of all sets as large as {@code found} that meet the demands, the one with the most preferred streams. */
    private Bits preferred(List<Demand> component, Bits found) {
        Bits best = found;
        Bits chosen = new Bits();
        Bits barred = new Bits();
        for (int i = 0; i < candidates.size() && chosen.count() < found.count(); i++) {
            if (!best.has(i) && !barred.has(i)) {
                Bits other = chosen.copy();
                other.add(i);
                if (complete(component, other, barred, found.count() - other.count())) {
                    best = other;
                } else {
                    barred.addAll(alike.get(i).without(chosen, barred));
                }
            }
            if (best.has(i)) {
                chosen.add(i);
            }
        }
        return chosen;
    }

    private boolean isTooExpensive() {
        return cost > MAX_COST;
    }

    private List<Stream> streams(Bits bits) {
        return IntStream.range(0, candidates.size())
                .filter(bits::has)
                .mapToObj(candidates::get)
                .toList();
    }

    private Bits alike(int stream) {
        Bits alike = new Bits();
        IntStream.range(stream, candidates.size())
                .filter(other -> demands.stream().allMatch(demand -> demand.isAlike(stream, other)))
                .forEach(alike::add);
        return alike;
    }

    /** Returns the demands without those that the remaining ones imply; most often that is the total. */
    private static List<Demand> withoutImplied(List<Demand> demands) {
        List<Demand> rest = new ArrayList<>(demands);
        rest.sort(Comparator.comparingInt(demand -> demand.streams().count()));
        for (Demand demand : demands) {
            rest.remove(demand);
            if (!demand.isImpliedBy(rest)) {
                rest.add(demand);
            }
        }
        return rest;
    }

    /** Returns the demands in groups that have no stream in common. */
    private List<List<Demand>> components() {
        List<List<Demand>> components = new ArrayList<>();
        for (Demand demand : demands) {
            List<Demand> joined = new ArrayList<>(List.of(demand));
            components.removeIf(component -> {
                boolean shares = component.stream().anyMatch(it -> !it.streams().isDisjoint(demand.streams()));
                if (shares) {
                    joined.addAll(component);
                }
                return shares;
            });
            components.add(joined);
        }
        return components;
    }

    /**
     * A demand that is not met yet.
     *
     * @param usable the streams that may still end for it
     * @param size how many those are
     * @param missing how many streams must still end for it at least
     */
    private record Unmet(Bits usable, int size, int missing) {}
}
