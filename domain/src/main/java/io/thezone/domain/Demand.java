package io.thezone.domain;

import java.util.Collection;
import java.util.List;

/**
 * The condition under which one exhausted rule admits one more stream: at least {@code least} of its groups of streams end, each
 * group as a whole. For a rule that counts streams a group is one stream; for a rule that counts distinct values a group is all
 * streams with one value.
 */
final class Demand {
    private final List<Bits> groups;
    private final Bits streams;
    private final int least;
    private final boolean countsStreams;

    /**
     * @param groups disjoint
     * @param least at least 1
     */
    Demand(Collection<Bits> groups, int least) {
        this.groups = List.copyOf(groups);
        this.least = least;
        this.countsStreams = this.groups.stream().allMatch(group -> group.count() == 1);
        this.streams = new Bits();
        this.groups.forEach(streams::addAll);
    }

    boolean canBeMet() {
        return groups.size() >= least;
    }

    /** Returns all streams whose end helps to meet this demand. */
    Bits streams() {
        return streams;
    }

    /** Says whether this demand treats both streams the same, so that either may end in place of the other. */
    boolean isAlike(int one, int other) {
        return countsStreams
                ? streams.has(one) == streams.has(other)
                : groups.stream().allMatch(group -> group.has(one) == group.has(other));
    }

    /**
     * Says whether every set that meets the other demands meets this one. That is so if this demand counts streams, and disjoint
     * demands on some of the same streams need as many ends as this one.
     */
    boolean isImpliedBy(Collection<Demand> others) {
        int needed = 0;
        Bits used = new Bits();
        for (Demand other : others) {
            if (other.streams.isSubsetOf(streams) && other.streams.isDisjoint(used)) {
                needed += other.missing(new Bits());
                used.addAll(other.streams);
            }
        }
        return countsStreams && needed >= least;
    }

    /** Returns how many more streams must end at least to meet this demand; 0 if it is met. */
    int missing(Bits ended) {
        if (countsStreams) {
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
