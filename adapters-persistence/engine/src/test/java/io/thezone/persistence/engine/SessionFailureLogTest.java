package io.thezone.persistence.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thezone.persistence.spi.SessionKey;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SessionFailureLogTest {
    private final LogLines log = new LogLines(SessionFailureLog.class);
    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
    private final SessionFailureLog failures = new SessionFailureLog(nanos::get);

    @AfterEach
    void stopListening() {
        log.close();
    }

    @Test
    void aMinuteHasOneLineThatCountsWhatFailedBeforeIt() {
        for (int i = 0; i < 1_000; i++) {
            failures.failed(new SessionKey(1, 2), 3, new IllegalArgumentException("an end has a reason"));
        }
        nanos.addAndGet(SessionFailureLog.PAUSE.toNanos());
        failures.failed(new SessionKey(3, 4), 1, new IllegalArgumentException("null is no session"));
        assertEquals(
                List.of(
                        "a session fails alone, 3 requests since this was last logged; the last in the row with key"
                                + " 00000000-0000-0001-0000-000000000002: java.lang.IllegalArgumentException: an end has"
                                + " a reason",
                        "a session fails alone, 2998 requests since this was last logged; the last in the row with key"
                                + " 00000000-0000-0003-0000-000000000004: java.lang.IllegalArgumentException: null is"
                                + " no session"),
                log.get());
    }
}
