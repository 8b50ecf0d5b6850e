package io.thezone.gateway;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs that a gateway sends placeholders for session ids: one line a minute, never the value. Thread-safe. */
public final class PlaceholderLog {
    static final Duration PAUSE = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(PlaceholderLog.class);

    private final LongSupplier nanoTime;
    private final AtomicLong next;

    /** @param nanoTime the monotonic clock */
    public PlaceholderLog(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.next = new AtomicLong(nanoTime.getAsLong());
    }

    /** @param place where the placeholder stood */
    public void found(String place) {
        long now = nanoTime.getAsLong();
        long due = next.get();
        if (now - due >= 0 && next.compareAndSet(due, now + PAUSE.toNanos())) {
            LOG.warn(
                    "{} has a placeholder instead of a session id: the gateway sends it for viewers without a session;"
                            + " refused, and logged once a minute at most",
                    place);
        }
    }
}
