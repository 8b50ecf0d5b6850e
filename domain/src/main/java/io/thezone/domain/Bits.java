package io.thezone.domain;

/** A set of streams, by their places in a list of at most {@value #MAX}. */
final class Bits {
    static final int MAX = 2 * Long.SIZE;

    private long low;
    private long high;

    static Bits of(int place) {
        Bits bits = new Bits();
        bits.add(place);
        return bits;
    }

    Bits copy() {
        Bits copy = new Bits();
        copy.addAll(this);
        return copy;
    }

    boolean has(int place) {
        return ((word(place) >>> place) & 1) != 0;
    }

    void add(int place) {
        set(place, word(place) | (1L << place));
    }

    void remove(int place) {
        set(place, word(place) & ~(1L << place));
    }

    void addAll(Bits others) {
        low |= others.low;
        high |= others.high;
    }

    Bits and(Bits others) {
        Bits both = new Bits();
        both.low = low & others.low;
        both.high = high & others.high;
        return both;
    }

    /** Those that are in neither of the others. */
    Bits without(Bits some, Bits more) {
        Bits rest = new Bits();
        rest.low = low & ~some.low & ~more.low;
        rest.high = high & ~some.high & ~more.high;
        return rest;
    }

    boolean isDisjoint(Bits others) {
        return ((low & others.low) | (high & others.high)) == 0;
    }

    boolean isWithin(Bits others) {
        return ((low & ~others.low) | (high & ~others.high)) == 0;
    }

    int count() {
        return Long.bitCount(low) + Long.bitCount(high);
    }

    /** How many of these are in the others. */
    int countIn(Bits others) {
        return Long.bitCount(low & others.low) + Long.bitCount(high & others.high);
    }

    /** The first from that place on; {@value #MAX} if there is none. */
    int next(int from) {
        int place = from;
        while (place < MAX) {
            long rest = word(place) >>> place;
            if (rest != 0) {
                return place + Long.numberOfTrailingZeros(rest);
            }
            place = place < Long.SIZE ? Long.SIZE : MAX;
        }
        return MAX;
    }

    private long word(int place) {
        return place < Long.SIZE ? low : high;
    }

    private void set(int place, long word) {
        if (place < Long.SIZE) {
            low = word;
        } else {
            high = word;
        }
    }
}
