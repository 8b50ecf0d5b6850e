package io.thezone.domain;

import java.util.Collection;
import java.util.List;

/**
 * What must end so that one rule admits one more stream: at least so many groups of streams, each as a whole. Where a rule counts
 * streams, a group is one stream; where it counts values, it is the streams with one value. Streams are bits.
 */
final class Demand {
    private final List<Bits> groups;
    private final Bits streams;
    private final int least;
    private final boolean ofSingles;

    /** @param least at least 1 */
    Demand(Collection<Bits> groups, int least) {
        this.groups = List.copyOf(groups);
        this.least = least;
        this.ofSingles = this.groups.stream().allMatch(group -> group.count() == 1);
        this.streams = new Bits();
        this.groups.forEach(streams::addAll);
    }

    boolean canBeMet() {
        return groups.size() >= least;
    }

    /** Those that may have to end. */
    Bits streams() {
        return streams;
    }

    /** Whether it makes no difference which of the two ends. */
    boolean isAlike(int one, int other) {
        return ofSingles
                ? streams.has(one) == streams.has(other)
                : groups.stream().allMatch(group -> group.has(one) == group.has(other));
    }

    /** Whether others that share no stream need as many of its own, so that it is met with them. */
    boolean isImpliedBy(Collection<Demand> others) {
        int needed = 0;
        Bits used = new Bits();
        for (Demand other : others) {
            if (other.streams.isWithin(streams) && other.streams.isDisjoint(used)) {
                needed += other.missing(new Bits());
                used.addAll(other.streams);
            }
        }
        return ofSingles && needed >= least;
    }

    /** How many more streams must end at least; 0 if those are enough. */
    int missing(Bits ended) {
        if (ofSingles) {
            return Math.max(0, least - streams.countIn(ended));
        }
        int[] left = groups.stream()
                .mapToInt(group -> group.count() - group.countIn(ended))
                .sorted()
                .toArray();
        int missing = 0;
        for (int i = 0; i < least; i++) {
            missing += left[i];
        }
        return missing;
    }
}
