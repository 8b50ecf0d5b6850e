package io.thezone.bootstrap;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Appender;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.net.SyslogAppenderBase;
import ch.qos.logback.core.spi.AppenderAttachable;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.logback.InstrumentedAppender;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeName;
import io.dropwizard.logback.AsyncAppenderBaseProxy;
import io.dropwizard.logging.common.DefaultLoggingFactory;
import io.dropwizard.logging.common.LoggingFactory;
import io.dropwizard.logging.common.LoggingUtil;
import io.dropwizard.util.DataSize;
import io.dropwizard.util.DataSizeUnit;
import io.dropwizard.validation.MinDataSize;
import jakarta.validation.constraints.NotNull;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;

/** Configures Dropwizard's logging: each appender writes a bounded number of bytes per second, and no line that may hold credentials. */
@JsonTypeName("bounded")
public final class BoundedLogging extends DefaultLoggingFactory implements LoggingFactory {
    private final List<LogGate> gates = new ArrayList<>();

    @NotNull
    @MinDataSize(value = 1, unit = DataSizeUnit.KIBIBYTES)
    private DataSize bytesPerSecond = DataSize.kibibytes(64);

    @JsonProperty
    public DataSize getBytesPerSecond() {
        return bytesPerSecond;
    }

    @JsonProperty
    public void setBytesPerSecond(DataSize bytesPerSecond) {
        this.bytesPerSecond = bytesPerSecond;
    }

    @Override
    public void configure(MetricRegistry metrics, String name) {
        super.configure(metrics, name);
        gates.clear();
        LoggerContext context = LoggingUtil.getLoggerContext();
        for (Logger logger : context.getLoggerList()) {
            for (Iterator<Appender<ILoggingEvent>> appenders = logger.iteratorForAppenders(); appenders.hasNext(); ) {
                Appender<ILoggingEvent> appender = appenders.next();
                if (!(appender instanceof InstrumentedAppender)) {
                    guard(appender);
                }
            }
        }
    }

    /** Writes to each appender how many of its lines were dropped since the last report. */
    void report() {
        gates.forEach(LogGate::report);
    }

    private void guard(Appender<ILoggingEvent> appender) {
        LogGate gate = new LogGate(appender, bytesPerSecond.toBytes());
        appender.addFilter(gate);
        gates.add(gate);
        bound(appender, gate);
    }

    /** Sets the layout of the innermost appenders: the outer ones only pass events on. */
    @SuppressWarnings("unchecked")
    private static void bound(Appender<?> appender, LogGate gate) {
        if (appender instanceof AsyncAppenderBaseProxy<?> throttled) {
            bound(throttled.getAppender(), gate);
        } else if (appender instanceof AppenderAttachable<?> queue) {
            queue.iteratorForAppenders().forEachRemaining(next -> bound(next, gate));
        } else if (appender instanceof OutputStreamAppender<?> output
                && output.getEncoder() instanceof LayoutWrappingEncoder<?>) {
            LayoutWrappingEncoder<ILoggingEvent> encoder = (LayoutWrappingEncoder<ILoggingEvent>) output.getEncoder();
            encoder.setLayout(new BoundedLayout(encoder.getLayout(), gate));
        } else if (appender instanceof SyslogAppenderBase<?>) {
            SyslogAppenderBase<ILoggingEvent> syslog = (SyslogAppenderBase<ILoggingEvent>) appender;
            syslog.setLayout(new BoundedLayout(syslog.getLayout(), gate));
        }
    }
}
