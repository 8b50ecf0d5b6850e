package io.thezone.persistence.spi;

import com.google.common.base.Throwables;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs one line when something begins to fail and one when it works again, however many calls fail in between. Thread-safe. */
public final class FailureLog {
    private static final Logger LOG = LoggerFactory.getLogger(FailureLog.class);

    private final String subject;
    private final AtomicBoolean failing = new AtomicBoolean();

    /** @param subject what fails, as the log names it */
    public FailureLog(String subject) {
        this.subject = subject;
    }

    public void failed(Throwable cause) {
        if (failing.compareAndSet(false, true)) {
            LOG.warn("{} fails: {}", subject, Throwables.getRootCause(cause).toString());
            LOG.debug("{} fails", subject, cause);
        }
    }

    public void worked() {
        if (failing.get() && failing.compareAndSet(true, false)) {
            LOG.info("{} works again", subject);
        }
    }
}
