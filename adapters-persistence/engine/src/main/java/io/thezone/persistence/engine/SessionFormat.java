package io.thezone.persistence.engine;

import io.thezone.persistence.spi.FailureLog;
import io.thezone.persistence.spi.SharedFacts;
import java.util.function.IntSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The format in which sessions are written. All nodes of a store agree on it, so that none of an older version meets a session
 * that it cannot read: a new format is written once an operator says that no older node is left.
 */
public final class SessionFormat implements IntSupplier {
    /** The newest format that this version reads and writes; new installations begin with it. */
    public static final int NEWEST = SessionDocument.FORMAT;

    /** The newest format that the version before reads; the oldest that this version writes. */
    public static final int FORMER = SessionDocument.FORMER_FORMAT;

    private static final Logger LOG = LoggerFactory.getLogger(SessionFormat.class);
    private static final String NAME = "session-format";

    private final SharedFacts facts;
    private final FailureLog failures = new FailureLog("reading the format of sessions");
    private volatile int inForce;

    /** @throws IllegalStateException if this version does not write the format in force */
    public SessionFormat(SharedFacts facts) {
        this.facts = facts;
        this.inForce = parse(facts.agree(NAME, String.valueOf(NEWEST)));
        if (inForce != NEWEST) {
            LOG.info(
                    "sessions are written in format {}, which nodes of the version before read; once all of them have"
                            + " stopped, run session-format {}",
                    inForce,
                    NEWEST);
        }
    }

    /** Puts a format in force, {@link #FORMER} or {@link #NEWEST}. */
    public static void replace(SharedFacts facts, int format) {
        facts.replace(NAME, String.valueOf(format));
    }

    @Override
    public int getAsInt() {
        return inForce;
    }

    /** Reads the format in force; called every second. If that fails, the node keeps the format it has. */
    public void refresh() {
        try {
            int found = facts.find(NAME).map(SessionFormat::parse).orElse(inForce);
            if (found != inForce) {
                inForce = found;
                LOG.info("sessions are written in format {} from now on", found);
            }
            failures.worked();
        } catch (RuntimeException e) {
            failures.failed(e);
        }
    }

    private static int parse(String value) {
        for (int format = FORMER; format <= NEWEST; format++) {
            if (value.equals(String.valueOf(format))) {
                return format;
            }
        }
        throw new IllegalStateException(
                "sessions are stored in format " + value + ", this version writes formats " + FORMER
                        + " to " + NEWEST + ": run a version that writes it on this node, or change it with the command"
                        + " session-format of such a version (docs/upgrading.md)");
    }
}
