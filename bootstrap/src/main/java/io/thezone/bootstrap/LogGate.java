package io.thezone.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.spi.FilterReply;
import io.dropwizard.logging.common.LoggingUtil;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * Stands in front of an appender: keeps out what may hold credentials, and what exceeds the budget. The lines of the service
 * itself have a budget of their own, which no client can use up.
 */
final class LogGate extends Filter<ILoggingEvent> {
    static final String FLOOR =
            "below INFO only io.thezone, com.hazelcast, io.zonky and liquibase are written: what other"
                    + " libraries say there may hold session ids";

    /** At DEBUG and TRACE libraries print the requests, headers and buffers that they handle; these handle none. */
    private static final List<String> VERBOSE = List.of("io.thezone", "com.hazelcast", "io.zonky", "liquibase");

    private static final String REPORTS = LogGate.class.getName();
    private static final String OURS = "io.thezone";
    /** Requests cause the lines of this package. */
    private static final String OF_REQUESTS = "io.thezone.rest";

    /** The bytes that a line counts for at least, before its text is made: a queue of lines must not fill before then. */
    private static final int AT_LEAST = 256;

    private final Appender<ILoggingEvent> appender;
    private final long bytesPerSecond;
    private final LogBudget ours;
    private final LogBudget others;
    private final LongAdder leftOut = new LongAdder();
    private final AtomicBoolean tooVerbose = new AtomicBoolean();
    private boolean floorSaid;

    LogGate(Appender<ILoggingEvent> appender, long bytesPerSecond) {
        this.appender = appender;
        this.bytesPerSecond = bytesPerSecond;
        this.ours = new LogBudget(bytesPerSecond, System::nanoTime);
        this.others = new LogBudget(bytesPerSecond, System::nanoTime);
    }

    static boolean mayBeVerbose(String logger) {
        return VERBOSE.stream().anyMatch(prefix -> isWithin(logger, prefix));
    }

    private static boolean isWithin(String logger, String prefix) {
        return logger.startsWith(prefix)
                && (logger.length() == prefix.length() || logger.charAt(prefix.length()) == '.');
    }

    @Override
    public FilterReply decide(ILoggingEvent event) {
        if (!event.getLevel().isGreaterOrEqual(Level.INFO) && !mayBeVerbose(event.getLoggerName())) {
            tooVerbose.set(true);
            return FilterReply.DENY;
        }
        return take(event, AT_LEAST) ? FilterReply.NEUTRAL : FilterReply.DENY;
    }

    /** @return whether the text of the event may be written */
    boolean admits(ILoggingEvent event, String text) {
        return take(event, Math.max(0, text.getBytes(UTF_8).length - AT_LEAST));
    }

    /** A report comes once a second, and through, or what was left out would be counted for nothing. */
    private boolean take(ILoggingEvent event, int bytes) {
        boolean taken = event.getLoggerName().equals(REPORTS) || budget(event).take(bytes);
        if (!taken) {
            leftOut.increment();
        }
        return taken;
    }

    private LogBudget budget(ILoggingEvent event) {
        String logger = event.getLoggerName();
        return event.getLevel().isGreaterOrEqual(Level.INFO) && isWithin(logger, OURS) && !isWithin(logger, OF_REQUESTS)
                ? ours
                : others;
    }

    /** Writes how many lines were kept out since the last report. */
    void report() {
        Logger logger = LoggingUtil.getLoggerContext().getLogger(REPORTS);
        long lines = leftOut.sumThenReset();
        if (lines > 0) {
            say(
                    logger,
                    Level.WARN,
                    lines + " log lines were left out: more than " + bytesPerSecond
                            + " bytes a second were to be written (logging.bytesPerSecond)");
        }
        if (tooVerbose.get() && !floorSaid) {
            floorSaid = true;
            say(logger, Level.INFO, FLOOR);
        }
    }

    private void say(Logger logger, Level level, String message) {
        LoggingEvent event = new LoggingEvent(LogGate.class.getName(), logger, level, message, null, null);
        appender.doAppend(event);
    }
}
