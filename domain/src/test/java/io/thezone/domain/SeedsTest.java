package io.thezone.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SeedsTest {
    @Test
    void aFailureNamesTheSeedThatGeneratesItsValuesAgain() {
        AssertionError first = assertThrows(AssertionError.class, SeedsTest::failAtTen);
        AssertionError again = assertThrows(AssertionError.class, SeedsTest::failAtTen);

        assertTrue(String.valueOf(first.getMessage()).matches("with -Dseed=\\d+: ten.*"), first::getMessage);
        assertEquals(first.getMessage(), again.getMessage());
    }

    @Test
    void neighbouringSeedsDrawDifferentValues() {
        List<Integer> drawn = new ArrayList<>();
        Seeds.check(1_000, draw -> drawn.add(draw.between(1, 4)));

        for (int value = 1; value <= 4; value++) {
            int wanted = value;
            assertTrue(drawn.stream().filter(it -> it == wanted).count() > 200);
        }
    }

    private static void failAtTen() {
        Seeds.check(1_000, draw -> assertTrue(draw.between(1, 10) < 10, "ten"));
    }
}
