package io.thezone.persistence.engine;

import com.google.common.base.Throwables;
import io.thezone.persistence.spi.SessionKey;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says, at most once a minute, that a session fails while others do not: the key of its row, why, and how many requests failed
 * like that since. The key is no credential: the session's id cannot be told from it.
 */
final class SessionTrouble {
    static final Duration PAUSE = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(SessionTrouble.class);

    private final LongSupplier nanoTime;
    private final AtomicLong failures = new AtomicLong();
    private final AtomicLong saidAt;

    SessionTrouble(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.saidAt = new AtomicLong(nanoTime.getAsLong() - PAUSE.toNanos());
    }

    void failed(SessionKey key, int requests, Throwable cause) {
        failures.addAndGet(requests);
        long now = nanoTime.getAsLong();
        long last = saidAt.get();
        if (now - last >= PAUSE.toNanos() && saidAt.compareAndSet(last, now)) {
            LOG.warn(
                    "a session fails alone, {} requests since this was last said; the last in the row with key {}: {}",
                    failures.getAndSet(0),
                    key.uuid(),
                    Throwables.getRootCause(cause).toString());
        }
    }
}
