package io.thezone.persistence.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SaveCountsTest {
    @ParameterizedTest
    @CsvSource({"0, 9, false", "0, 10, true", "10, 10, true", "11, 10, false"})
    void savesAreFailingIfTenAndHalfOfAllFailed(long taken, long failed, boolean failing) {
        assertEquals(failing, new SaveCounts(taken, failed).areFailing());
    }
}
