package io.thezone.persistence.spi;

import static io.thezone.persistence.spi.TimeLimits.ANSWER;
import static io.thezone.persistence.spi.TimeLimits.CACHE_READ_MILLIS;
import static io.thezone.persistence.spi.TimeLimits.DECISION_AGE;
import static io.thezone.persistence.spi.TimeLimits.DRAIN;
import static io.thezone.persistence.spi.TimeLimits.QUEUE;
import static io.thezone.persistence.spi.TimeLimits.QUEUE_ALARM;
import static io.thezone.persistence.spi.TimeLimits.ROW_LOCK;
import static io.thezone.persistence.spi.TimeLimits.STATEMENT;
import static io.thezone.persistence.spi.TimeLimits.STORE_CALL;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class TimeLimitsTest {
    static Stream<List<Duration>> limits() {
        return Stream.of(
                List.of(ROW_LOCK, STATEMENT, STORE_CALL, ANSWER, DECISION_AGE, DRAIN),
                List.of(QUEUE_ALARM, QUEUE, ANSWER),
                List.of(Duration.ofMillis(CACHE_READ_MILLIS), STATEMENT));
    }

    @ParameterizedTest
    @MethodSource("limits")
    void eachLimitIsBelowTheNext(List<Duration> limits) {
        assertEquals(limits, List.copyOf(new TreeSet<>(limits)));
    }
}
