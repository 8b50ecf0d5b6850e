package io.thezone.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.ExhaustedRule;
import io.thezone.domain.StreamQuota;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RefusalLogTest {
    private static final Duration MEMORY = Duration.ofMinutes(15);

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final RefusalLog log = new RefusalLog(3, MEMORY, nanos::get);

    @Test
    void aRefusalIsFoundByItsId() {
        String id = add("a");

        assertEquals(Optional.of("a"), find(id));
    }

    @Test
    void theOldestMakesRoomForTheNewest() {
        String first = add("a");
        String second = add("b");
        add("c");
        add("d");

        assertEquals(Optional.empty(), find(first));
        assertEquals(Optional.of("b"), find(second));
    }

    @Test
    void aRefusalIsForgottenInTime() {
        String id = add("a");

        nanos.addAndGet(MEMORY.toNanos() - 1);
        assertEquals(Optional.of("a"), find(id));
        nanos.incrementAndGet();
        assertEquals(Optional.empty(), find(id));
    }

    @Test
    void anIdThatWasNotGivenFindsNothing() {
        String id = add("a");

        for (String other : List.of("", "-", "x", "0", "0-", "0-0", "-1-0", "fffffffffffffffff-0", id + "0")) {
            assertEquals(Optional.empty(), find(other), other);
        }
        assertNotEquals(id, add("b"));
    }

    private String add(String plan) {
        return log.add(
                new StreamQuota(plan, 1),
                new AcquireOutcome.Refused(new ExhaustedRule("limit", 1, 1, List.of()), Instant.EPOCH));
    }

    private Optional<String> find(String id) {
        return log.find(id).map(entry -> entry.plan().name());
    }
}
