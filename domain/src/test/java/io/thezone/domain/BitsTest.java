package io.thezone.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thezone.domain.Seeds.Draw;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Each operation of the bit set against a set of numbers. */
class BitsTest {
    @Test
    void bitsAreASetOfNumbers() {
        Seeds.check(300, draw -> {
            Set<Integer> numbers = numbers(draw);
            Bits bits = bits(numbers);
            Bits copy = bits.copy();
            int number = draw.between(0, Bits.MAX - 1);

            assertEquals(numbers.contains(number), bits.has(number));
            bits.remove(number);
            assertEquals(numbers, members(copy), "a copy stays as it was");
            numbers.remove(number);
            assertEquals(numbers, members(bits));
            bits.add(number);
            numbers.add(number);
            assertEquals(numbers, members(bits));
            assertEquals(numbers.size(), bits.count());
        });
    }

    @Test
    void twoSetsAreComparedAndCombined() {
        Seeds.check(300, draw -> {
            Set<Integer> some = numbers(draw);
            Set<Integer> others = draw.chance(0.3) ? some(draw, some) : numbers(draw);
            Set<Integer> more = numbers(draw);
            Set<Integer> both = new HashSet<>(some);
            both.retainAll(others);
            Set<Integer> rest = new HashSet<>(some);
            rest.removeAll(others);
            rest.removeAll(more);
            Set<Integer> all = new HashSet<>(some);
            all.addAll(others);
            Bits union = bits(some);
            union.addAll(bits(others));

            assertEquals(both, members(bits(some).and(bits(others))));
            assertEquals(rest, members(bits(some).without(bits(others), bits(more))));
            assertEquals(all, members(union));
            assertEquals(both.size(), bits(some).countIn(bits(others)));
            assertEquals(both.isEmpty(), bits(some).isDisjoint(bits(others)));
            assertEquals(some.containsAll(others), bits(others).isSubsetOf(bits(some)));
        });
    }

    @Test
    void theNextMemberIsTheSmallestFromANumberOn() {
        Seeds.check(300, draw -> {
            TreeSet<Integer> numbers = new TreeSet<>(numbers(draw));
            int from = draw.between(0, Bits.MAX);
            Integer next = numbers.ceiling(from);

            assertEquals(next == null ? Bits.MAX : next, bits(numbers).next(from));
        });
    }

    @Test
    void bothHalvesHaveAFirstAndALastMember() {
        for (int number : new int[] {0, 63, 64, 127}) {
            assertEquals(Set.of(number), members(Bits.of(number)));
            assertEquals(number, Bits.of(number).next(0));
            assertEquals(number, Bits.of(number).next(number));
            assertEquals(Bits.MAX, Bits.of(number).next(number + 1));
        }
    }

    private static Set<Integer> numbers(Draw draw) {
        return new HashSet<>(draw.listOf(0, 6, () -> draw.between(0, Bits.MAX - 1)));
    }

    private static Set<Integer> some(Draw draw, Set<Integer> numbers) {
        Set<Integer> some = new HashSet<>(numbers);
        some.removeIf(number -> draw.chance(0.5));
        return some;
    }

    private static Bits bits(Set<Integer> numbers) {
        Bits bits = new Bits();
        numbers.forEach(bits::add);
        return bits;
    }

    private static Set<Integer> members(Bits bits) {
        Set<Integer> members = new HashSet<>();
        for (int number = 0; number < Bits.MAX; number++) {
            if (bits.has(number)) {
                members.add(number);
            }
        }
        return members;
    }
}
