package io.thezone.persistence.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredSessionTest {
    @ParameterizedTest
    @ValueSource(longs = {StoredSession.ABSENT, -1, Long.MIN_VALUE})
    void noVersionCanBeTakenForThatOfAnAbsentSession(long version) {
        assertThrows(IllegalArgumentException.class, () -> new StoredSession(version, 1, "{}"));
    }

    @Test
    void theFirstVersionIsOne() {
        assertEquals(1, new StoredSession(1, 1, "{}").version());
    }
}
