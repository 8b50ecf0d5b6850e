package io.thezone.domain;

/** A mutable set of streams, as a bit set of their indexes in a list of at most {@value #MAX} streams. */
final class Bits {
    static final int MAX = 2 * Long.SIZE;

    private long low;
    private long high;

    static Bits of(int index) {
        Bits bits = new Bits();
        bits.add(index);
        return bits;
    }

    Bits copy() {
        Bits copy = new Bits();
        copy.addAll(this);
        return copy;
    }

    boolean has(int index) {
        return ((word(index) >>> index) & 1) != 0;
    }

    void add(int index) {
        set(index, word(index) | (1L << index));
    }

    void remove(int index) {
        set(index, word(index) & ~(1L << index));
    }

    void addAll(Bits others) {
        low |= others.low;
        high |= others.high;
    }

    /** Returns the intersection of both sets. */
    Bits and(Bits others) {
        Bits both = new Bits();
        both.low = low & others.low;
        both.high = high & others.high;
        return both;
    }

    /** Returns the members of this set that are in neither of the two others. */
    Bits without(Bits some, Bits more) {
        Bits rest = new Bits();
        rest.low = low & ~some.low & ~more.low;
        rest.high = high & ~some.high & ~more.high;
        return rest;
    }

    boolean isDisjoint(Bits others) {
        return ((low & others.low) | (high & others.high)) == 0;
    }

    boolean isSubsetOf(Bits others) {
        return ((low & ~others.low) | (high & ~others.high)) == 0;
    }

    int count() {
        return Long.bitCount(low) + Long.bitCount(high);
    }

    /** Returns the size of the intersection of both sets. */
    int countIn(Bits others) {
        return Long.bitCount(low & others.low) + Long.bitCount(high & others.high);
    }

    /** Returns the smallest member that is at least {@code from}, or {@value #MAX} if there is none. */
    int next(int from) {
        int index = from;
        while (index < MAX) {
            long rest = word(index) >>> index;
            if (rest != 0) {
                return index + Long.numberOfTrailingZeros(rest);
            }
            index = index < Long.SIZE ? Long.SIZE : MAX;
        }
        return MAX;
    }

    private long word(int index) {
        return index < Long.SIZE ? low : high;
    }

    private void set(int index, long word) {
        if (index < Long.SIZE) {
            low = word;
        } else {
            high = word;
        }
    }
}
