package io.thezone.gateway;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Ids that nobody can guess. */
class RandomIdsTest {
    private static final int MANY = 10_000;

    @Test
    void noTwoAreTheSameWhateverThreadDrawsThem() {
        Set<String> ids =
                Stream.generate(RandomIds::next).parallel().limit(MANY).collect(toSet());
        assertEquals(MANY, ids.size());
    }

    @Test
    void eachIsARandomUuidOfRfc9562() {
        for (int i = 0; i < MANY; i++) {
            UUID id = UUID.fromString(RandomIds.next());
            assertEquals(4, id.version());
            assertEquals(2, id.variant());
        }
    }
}
