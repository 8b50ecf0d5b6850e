package io.thezone.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DemandTest {
    @Test
    void aRuleThatCountsStreamsMissesAsManyAsHaveNotEnded() {
        Demand two = streams(2, 0, 1, 2);

        assertEquals(2, two.missing(bits()));
        assertEquals(1, two.missing(bits(1, 9)));
        assertEquals(0, two.missing(bits(0, 1, 2)));
    }

    @Test
    void aRuleThatCountsValuesMissesTheSmallestGroups() {
        Demand two = new Demand(List.of(bits(0, 1, 2), bits(3, 4), bits(5)), 2);

        assertEquals(3, two.missing(bits()));
        assertEquals(2, two.missing(bits(0, 1)), "one each of the first and the last group are left");
        assertEquals(0, two.missing(bits(3, 4, 5)));
    }

    @Test
    void aDemandCanBeMetIfItHasEnoughGroups() {
        assertTrue(streams(2, 0, 1).canBeMet());
        assertFalse(streams(3, 0, 1).canBeMet());
    }

    @Test
    void streamsAreAlikeIfTheyAreInTheSameGroupOrEachInOneOfItsOwn() {
        Demand counting = streams(1, 0, 1);
        assertTrue(counting.isAlike(0, 1));
        assertTrue(counting.isAlike(7, 8));
        assertFalse(counting.isAlike(0, 7));

        Demand values = new Demand(List.of(bits(0, 1), bits(2)), 1);
        assertTrue(values.isAlike(0, 1));
        assertFalse(values.isAlike(1, 2));
        assertFalse(values.isAlike(0, 7));
    }

    @Test
    void aDemandIsImpliedByOthersThatNeedAsManyOfItsStreams() {
        Demand total = streams(2, 0, 1, 2, 3);

        assertTrue(total.isImpliedBy(List.of(streams(1, 0, 1), streams(1, 2, 3))));
        assertTrue(total.isImpliedBy(List.of(streams(2, 0, 1, 2))));
        assertFalse(total.isImpliedBy(List.of(streams(1, 0, 1))));
        assertFalse(total.isImpliedBy(List.of(streams(1, 0, 1), streams(1, 1, 2))), "one end may serve both");
        assertFalse(total.isImpliedBy(List.of(streams(2, 2, 3, 4))), "the other one may end a stream of its own");
        assertFalse(total.isImpliedBy(List.of()));
    }

    @Test
    void aDemandForValuesIsNeverTakenAsImplied() {
        Demand values = new Demand(List.of(bits(0, 1), bits(2)), 1);

        assertFalse(values.isImpliedBy(List.of(streams(3, 0, 1, 2))));
    }

    private static Demand streams(int least, int... streams) {
        return new Demand(IntStream.of(streams).mapToObj(Bits::of).toList(), least);
    }

    private static Bits bits(int... streams) {
        Bits bits = new Bits();
        IntStream.of(streams).forEach(bits::add);
        return bits;
    }
}
