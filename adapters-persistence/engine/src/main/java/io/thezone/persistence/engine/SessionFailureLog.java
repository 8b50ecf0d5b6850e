package io.thezone.persistence.engine;

import com.google.common.base.Throwables;
import io.thezone.persistence.spi.SessionKey;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs, at most once a minute, that a session fails while others do not: the key of its row, the cause, and how many requests
 * failed like that since the last line. The key reveals nothing about the session's id. Thread-safe.
 */
final class SessionFailureLog {
    static final Duration PAUSE = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(SessionFailureLog.class);

    private final LongSupplier nanoTime;
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong loggedAt;

    /** @param nanoTime the monotonic clock */
    SessionFailureLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.loggedAt = new AtomicLong(nanoTime.getAsLong() - PAUSE.toNanos());
    }

    void failed(SessionKey key, int requests, Throwable cause) {
        failures.addAndGet(requests);
        long now = nanoTime.getAsLong();
        long last = loggedAt.get();
        if (now - last >= PAUSE.toNanos() && loggedAt.compareAndSet(last, now)) {
            LOG.warn(
                    "a session fails alone, {} requests since this was last logged; the last in the row with key {}: {}",
                    failures.getAndSet(0),
                    key.uuid(),
                    Throwables.getRootCause(cause).toString());
        }
    }
}
