package io.thezone.bootstrap;

import com.google.common.base.Throwables;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ConfiguredCommand;
import java.net.BindException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a command says when it fails: one line, and the stack trace to who asked for {@code LOG_LEVEL=DEBUG}. */
final class CommandFailure {
    private static final Logger LOG = LoggerFactory.getLogger(CommandFailure.class);

    /** What Jackson adds to what the part said that could not be made. */
    private static final Pattern AROUND_A_MESSAGE =
            Pattern.compile("(?m)Cannot construct instance of `[^`]*`, problem: |^ at \\[Source: .*$");

    private CommandFailure() {}

    static void report(ConfiguredCommand<?> command, Cli cli, Throwable failure) {
        cli.getStdErr().println("thezone: " + oneLine(explain(failure)));
        // Without a configuration the level is not the one that was asked for.
        if (command.getConfiguration() != null && LOG.isDebugEnabled()) {
            failure.printStackTrace(cli.getStdErr());
        }
    }

    private static String explain(Throwable failure) {
        Throwable root = Throwables.getRootCause(failure);
        if (root instanceof BindException) {
            return "a port cannot be opened: " + failure.getMessage() + ": " + root.getMessage()
                    + "; stop what uses it, or choose another (PORT, ADMIN_PORT)";
        }
        if (failure instanceof ConfigurationException) {
            return AROUND_A_MESSAGE
                    .matcher(String.valueOf(failure.getMessage()))
                    .replaceAll("");
        }
        // These are thrown with a message for people; of anything else the kind tells as much as the message.
        return failure instanceof IllegalStateException ? String.valueOf(failure.getMessage()) : failure.toString();
    }

    private static String oneLine(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).collect(Collectors.joining(" "));
    }
}
