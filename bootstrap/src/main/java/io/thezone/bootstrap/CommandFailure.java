package io.thezone.bootstrap;

import com.google.common.base.Throwables;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ConfiguredCommand;
import java.net.BindException;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a command says when it fails: one line, and the stack trace to who asked for {@code LOG_LEVEL=DEBUG}. */
final class CommandFailure {
    private static final Logger LOG = LoggerFactory.getLogger(CommandFailure.class);

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
        // These are thrown with a message for people; of anything else the kind tells as much as the message.
        return failure instanceof IllegalStateException || failure instanceof ConfigurationException
                ? String.valueOf(failure.getMessage())
                : failure.toString();
    }

    private static String oneLine(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).collect(Collectors.joining(" "));
    }
}
