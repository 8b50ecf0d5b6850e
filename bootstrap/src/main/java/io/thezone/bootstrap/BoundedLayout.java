package io.thezone.bootstrap;

import ch.qos.logback.classic.pattern.MessageConverter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.LayoutBase;
import ch.qos.logback.core.pattern.PatternLayoutBase;
import java.util.List;
import java.util.Locale;

/**
 * Limits the text of another layout to about {@value #MAX_EVENT} characters, and returns it if the gate admits it. A message
 * becomes one line of about {@value #MAX_MESSAGE} characters. Control characters are escaped. The lines of a stack trace get a
 * prefix, so that no client can forge a log line through an exception.
 */
final class BoundedLayout extends LayoutBase<ILoggingEvent> {
    static final int MAX_MESSAGE = 1_000;
    static final int MAX_EVENT = 8_000;

    private final Layout<ILoggingEvent> layout;
    private final LogGate gate;
    private final boolean isText;

    BoundedLayout(Layout<ILoggingEvent> layout, LogGate gate) {
        this.layout = layout;
        this.gate = gate;
        this.isText = layout instanceof PatternLayoutBase<?>;
        if (layout instanceof PatternLayoutBase<ILoggingEvent> pattern) {
            List.of("m", "msg", "message")
                    .forEach(word -> pattern.getInstanceConverterMap().put(word, BoundedMessage::new));
            pattern.start();
        }
    }

    @Override
    public String doLayout(ILoggingEvent event) {
        String text = isText ? bounded(layout.doLayout(event)) : layout.doLayout(event);
        return gate.admits(event, text) ? text : "";
    }

    /** Writes the message of an event as one line. */
    static final class BoundedMessage extends MessageConverter {
        @Override
        public String convert(ILoggingEvent event) {
            String message = super.convert(event);
            StringBuilder line = new StringBuilder(Math.min(message.length(), MAX_MESSAGE));
            int read = 0;
            while (read < message.length() && line.length() < MAX_MESSAGE) {
                read = appendEscaped(message, read, line);
            }
            if (read < message.length()) {
                line.append("... ").append(message.length() - read).append(" more characters");
            }
            return line.toString();
        }
    }

    private static String bounded(String text) {
        StringBuilder lines = new StringBuilder(Math.min(text.length(), MAX_EVENT));
        int read = 0;
        while (read < text.length() && lines.length() < MAX_EVENT) {
            char next = text.charAt(read);
            if (next == '\n' || next == '\t') {
                read++;
                lines.append(next);
                if (next == '\n' && read < text.length() && !isMarked(text.charAt(read))) {
                    lines.append("! ");
                }
            } else {
                read = appendEscaped(text, read, lines);
            }
        }
        if (read < text.length()) {
            lines.append("...\n! ").append(text.length() - read).append(" more characters\n");
        }
        return lines.toString();
    }

    private static boolean isMarked(char first) {
        return first == '!' || first == '\t' || first == ' ' || first == '\n';
    }

    /** @return the index of the next character */
    private static int appendEscaped(String text, int index, StringBuilder line) {
        int character = text.codePointAt(index);
        switch (Character.getType(character)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.SURROGATE -> line.append(String.format(Locale.ROOT, "\\u%04x", character));
            default -> line.appendCodePoint(character);
        }
        return index + Character.charCount(character);
    }
}
