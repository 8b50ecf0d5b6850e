package io.thezone.persistence.spi;

import com.google.common.base.Throwables;
import java.util.concurrent.atomic.AtomicBoolean;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says once when something begins to fail and once when it works again, however many calls fail in between. */
public final class Trouble {
    private static final Logger LOG = LoggerFactory.getLogger(Trouble.class);

    private final String what;
    private final AtomicBoolean failing = new AtomicBoolean();

    /** @param what as the log names it */
    public Trouble(String what) {
        this.what = what;
    }

    public void failed(Throwable cause) {
        if (failing.compareAndSet(false, true)) {
            LOG.warn("{} fails: {}", what, Throwables.getRootCause(cause).toString());
            LOG.debug("{} fails", what, cause);
        }
    }

    public void worked() {
        if (failing.get() && failing.compareAndSet(true, false)) {
            LOG.info("{} works again", what);
        }
    }
}
