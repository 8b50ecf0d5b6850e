package io.thezone.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;

class PlaceholderLogTest {
    @Test
    void itNamesThePlaceOnceAMinute() {
        AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
        PlaceholderLog log = new PlaceholderLog(nanos::get);
        ListAppender<ILoggingEvent> lines = new ListAppender<>();
        lines.start();
        Logger logger = (Logger) LoggerFactory.getLogger(PlaceholderLog.class);
        logger.addAppender(lines);
        try {
            log.found("the header Session-Id");
            nanos.addAndGet(PlaceholderLog.PAUSE.toNanos() - 1);
            log.found("the header Session-Id");
            assertEquals(1, lines.list.size());
            nanos.incrementAndGet();
            log.found("the cookie sid");
        } finally {
            logger.detachAppender(lines);
        }
        assertEquals(2, lines.list.size());
        assertEquals(
                "the cookie sid has a placeholder instead of a session id: the gateway sends it for viewers without a"
                        + " session; refused, and logged once a minute at most",
                lines.list.get(1).getFormattedMessage());
    }
}
