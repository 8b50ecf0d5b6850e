package io.thezone.bootstrap;

import com.google.common.base.Throwables;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ConfiguredCommand;
import java.io.IOException;
import java.net.BindException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.util.Collection;
import java.util.List;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Prints why a command failed: one line for each mistake, and the stack trace at {@code LOG_LEVEL=DEBUG}. */
final class CommandFailure {
    private static final Logger LOG = LoggerFactory.getLogger(CommandFailure.class);

    private CommandFailure() {}

    static void report(ConfiguredCommand<?> command, Cli cli, Throwable failure) {
        explain(failure).forEach(line -> cli.getStdErr().println("thezone: " + oneLine(line)));
        // Before a configuration is read, the log level is not the configured one.
        if (command.getConfiguration() != null && LOG.isDebugEnabled()) {
            failure.printStackTrace(cli.getStdErr());
        }
    }

    /** Describes an error of the operating system, whose own message may be just a file name, or in the language of the machine. */
    static String reason(IOException e) {
        if (e instanceof NoSuchFileException missing) {
            return missing.getFile() + " does not exist";
        }
        if (e instanceof AccessDeniedException denied) {
            return "this user has no right to " + denied.getFile();
        }
        if (e instanceof CharacterCodingException) {
            return "it is not UTF-8";
        }
        return e.getMessage() == null ? e.toString() : e.getMessage();
    }

    private static Collection<String> explain(Throwable failure) {
        if (failure instanceof ConfigurationException wrong) {
            return wrong.getErrors();
        }
        if (!(failure instanceof IllegalStateException) && Throwables.getRootCause(failure) instanceof BindException) {
            return List.of("a port cannot be opened: " + failure.getMessage()
                    + ": Address already in use; stop what uses it, or choose another (PORT, ADMIN_PORT, GRPC_PORT)");
        }
        if (failure instanceof IOException io) {
            return List.of(reason(io));
        }
        // The messages of these two are written for users; of any other exception the class matters as much as the
        // message.
        return List.of(
                failure instanceof IllegalStateException || failure instanceof IllegalArgumentException
                        ? String.valueOf(failure.getMessage())
                        : failure.toString());
    }

    private static String oneLine(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).collect(Collectors.joining(" "));
    }
}
