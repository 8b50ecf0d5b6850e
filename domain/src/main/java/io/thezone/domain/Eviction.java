package io.thezone.domain;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Looks for the smallest set of streams whose end makes room for one more; among equals the one that holds the most preferred
 * stream, then the next, and so on. This is the hitting set problem, solved by branch and bound: each such set holds a stream of
 * each demand that is not met, so only those of one are tried, and a branch ends as soon as the demands need more than are left
 * to end. Demands that share no stream, directly or by others, are solved each for itself.
 */
final class Eviction {
    /** In looks at a demand, about a millisecond in all: others wait meanwhile. */
    static final int MAX_COST = 10_000;

    /** @param streams the most preferred first; empty when no set helps or the search costs too much */
    record Found(List<Stream> streams, int cost) {}

    private final List<Stream> endable;
    private final List<Demand> demands;

    /** For each stream itself and those after it that no demand tells from it: which of them end makes no difference. */
    private final List<Bits> alike;

    private int cost;

    private Eviction(List<Stream> endable, List<Demand> demands) {
        this.endable = endable;
        this.demands = demands;
        this.alike = IntStream.range(0, endable.size()).mapToObj(this::alike).toList();
    }

    static Found from(List<Stream> live, StreamQuota quota, Attributes asking, Optional<Attributes> place) {
        List<Stream> endable = quota.endable(live, asking);
        if (endable.isEmpty() || endable.size() > Bits.MAX) {
            return new Found(List.of(), 0);
        }
        List<Demand> demands = quota.demands(live, endable, asking, place);
        if (!demands.stream().allMatch(Demand::canBeMet)) {
            return new Found(List.of(), demands.size());
        }
        Eviction eviction = new Eviction(endable, withoutImplied(demands));
        List<Stream> ended = eviction.smallest();
        return new Found(eviction.isTooExpensive() ? List.of() : ended, eviction.cost);
    }

    private List<Stream> smallest() {
        Bits ended = new Bits();
        for (List<Demand> part : parts()) {
            ended.addAll(smallest(part));
        }
        return streams(ended);
    }

    private Bits smallest(List<Demand> part) {
        int size = 0;
        Bits found = new Bits();
        while (!isCompleted(part, found, new Bits(), size) && !isTooExpensive()) {
            size++;
        }
        return preferred(part, found);
    }

    /** Adds at most so many streams to the ended ones that all is met; leaves them as they were if none do. */
    private boolean isCompleted(List<Demand> part, Bits ended, Bits barred, int most) {
        cost += part.size();
        if (isTooExpensive()) {
            return false;
        }
        List<Open> open = new ArrayList<>(part.size());
        for (Demand demand : part) {
            int missing = demand.missing(ended);
            if (missing > 0) {
                Bits usable = demand.streams().without(ended, barred);
                if (missing > most || usable.count() < missing) {
                    return false;
                }
                open.add(new Open(usable, usable.count(), missing));
            }
        }
        if (open.isEmpty()) {
            return true;
        }
        open.sort(Comparator.comparingInt(Open::size));
        return !needMore(open, most) && isCompletedByOne(part, open.get(0), ended, barred.copy(), most);
    }

    private boolean isCompletedByOne(List<Demand> part, Open demand, Bits ended, Bits barred, int most) {
        for (int i = demand.usable.next(0); i < Bits.MAX; i = demand.usable.next(i + 1)) {
            if (!barred.has(i)) {
                ended.add(i);
                if (isCompleted(part, ended, barred, most - 1)) {
                    return true;
                }
                ended.remove(i);
                barred.addAll(alike.get(i).without(ended, barred));
            }
        }
        return false;
    }

    private static boolean needMore(List<Open> open, int most) {
        return neededByDisjoint(open) > most || neededByAll(open) > most;
    }

    /** How many streams at least must end: demands that share no stream need theirs each. */
    private static int neededByDisjoint(List<Open> open) {
        int needed = 0;
        Bits used = new Bits();
        for (Open demand : open) {
            if (demand.usable.isDisjoint(used)) {
                needed += demand.missing;
                used.addAll(demand.usable);
            }
        }
        return needed;
    }

    /** How many streams at least must end: each is one of those that are missing to the demands that count it, and to no other. */
    private static int neededByAll(List<Open> open) {
        int missing = 0;
        List<Bits> counted = new ArrayList<>();
        for (Open demand : open) {
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

    /** Of the sets of the size that was found the one that holds the most preferred streams. */
    private Bits preferred(List<Demand> part, Bits found) {
        Bits best = found;
        Bits chosen = new Bits();
        Bits barred = new Bits();
        for (int i = 0; i < endable.size() && chosen.count() < found.count(); i++) {
            if (!best.has(i) && !barred.has(i)) {
                Bits other = chosen.copy();
                other.add(i);
                if (isCompleted(part, other, barred, found.count() - other.count())) {
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
        return IntStream.range(0, endable.size())
                .filter(bits::has)
                .mapToObj(endable::get)
                .toList();
    }

    private Bits alike(int stream) {
        Bits alike = new Bits();
        IntStream.range(stream, endable.size())
                .filter(other -> demands.stream().allMatch(demand -> demand.isAlike(stream, other)))
                .forEach(alike::add);
        return alike;
    }

    /** A demand is met with others if these need as many streams of its own, each its own ones: so is most often the total. */
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

    /** The demands in groups that have no stream in common. */
    private List<List<Demand>> parts() {
        List<List<Demand>> parts = new ArrayList<>();
        for (Demand demand : demands) {
            List<Demand> joined = new ArrayList<>(List.of(demand));
            parts.removeIf(part -> {
                boolean shares = part.stream().anyMatch(it -> !it.streams().isDisjoint(demand.streams()));
                if (shares) {
                    joined.addAll(part);
                }
                return shares;
            });
            parts.add(joined);
        }
        return parts;
    }

    /** A demand that is not met yet. */
    private record Open(Bits usable, int size, int missing) {}
}
