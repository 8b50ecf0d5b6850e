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
 * Filters the events of an appender: drops events that may hold credentials, and those beyond the allowed bytes per second. The
 * service's own lines and those that clients or libraries cause have a token bucket each, so that no client can suppress the former.
 */
final class LogGate extends Filter<ILoggingEvent> {
    static final String LEVEL_NOTICE =
            "below INFO only io.thezone, com.hazelcast and liquibase are written: the lines of other"
                    + " libraries may hold session ids";

    /** The loggers that may write at DEBUG and TRACE, because they handle no requests, headers or buffers of clients. */
    private static final List<String> VERBOSE = List.of("io.thezone", "com.hazelcast", "liquibase");

    /** The loggers that quote what clients have sent, of which only errors are written. */
    private static final List<String> QUOTING = List.of("io.grpc.netty", "io.netty");

    private static final String REPORTS = LogGate.class.getName();
    private static final String SERVICE = "io.thezone";
    /** The packages whose lines are caused by requests, and so by clients. */
    private static final List<String> REQUESTS = List.of("io.thezone.rest", "io.thezone.grpc");

    /** Bytes that an event consumes before it is queued, when its text is not made yet: otherwise a flood would fill the queue. */
    private static final int MIN_EVENT_BYTES = 256;

    private final Appender<ILoggingEvent> appender;
    private final long bytesPerSecond;
    private final TokenBucket serviceBudget;
    private final TokenBucket clientBudget;
    private final LongAdder dropped = new LongAdder();
    private final AtomicBoolean tooVerbose = new AtomicBoolean();
    private boolean noticeWritten;

    LogGate(Appender<ILoggingEvent> appender, long bytesPerSecond) {
        this.appender = appender;
        this.bytesPerSecond = bytesPerSecond;
        this.serviceBudget = new TokenBucket(bytesPerSecond, System::nanoTime);
        this.clientBudget = new TokenBucket(bytesPerSecond, System::nanoTime);
    }

    static boolean mayBeVerbose(String logger) {
        return isWithin(logger, VERBOSE);
    }

    private static boolean isWithin(String logger, List<String> prefixes) {
        return prefixes.stream().anyMatch(prefix -> isWithin(logger, prefix));
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
        if (!event.getLevel().isGreaterOrEqual(Level.ERROR) && isWithin(event.getLoggerName(), QUOTING)) {
            return FilterReply.DENY;
        }
        return tryConsume(event, MIN_EVENT_BYTES) ? FilterReply.NEUTRAL : FilterReply.DENY;
    }

    /** @return whether the text of the event may be written */
    boolean admits(ILoggingEvent event, String text) {
        return tryConsume(event, Math.max(0, text.getBytes(UTF_8).length - MIN_EVENT_BYTES));
    }

    /** Reports always pass: they come once a second, and would be missing just when lines are dropped. */
    private boolean tryConsume(ILoggingEvent event, int bytes) {
        boolean consumed =
                event.getLoggerName().equals(REPORTS) || budget(event).tryConsume(bytes);
        if (!consumed) {
            dropped.increment();
        }
        return consumed;
    }

    private TokenBucket budget(ILoggingEvent event) {
        String logger = event.getLoggerName();
        return event.getLevel().isGreaterOrEqual(Level.INFO) && isWithin(logger, SERVICE) && !isWithin(logger, REQUESTS)
                ? serviceBudget
                : clientBudget;
    }

    /** Writes how many lines were dropped since the last report. */
    void report() {
        Logger logger = LoggingUtil.getLoggerContext().getLogger(REPORTS);
        long lines = dropped.sumThenReset();
        if (lines > 0) {
            append(
                    logger,
                    Level.WARN,
                    lines + " log lines were left out: more than " + bytesPerSecond
                            + " bytes a second were to be written (logging.bytesPerSecond)");
        }
        if (tooVerbose.get() && !noticeWritten) {
            noticeWritten = true;
            append(logger, Level.INFO, LEVEL_NOTICE);
        }
    }

    private void append(Logger logger, Level level, String message) {
        LoggingEvent event = new LoggingEvent(LogGate.class.getName(), logger, level, message, null, null);
        appender.doAppend(event);
    }
}
