package io.thezone.bootstrap;

import ch.qos.logback.classic.Level;
import io.dropwizard.servlets.tasks.LogConfigurationTask;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Map;

/** {@code POST /tasks/log-level}: refuses an unknown level, which Dropwizard's task takes for DEBUG, and a request without a logger. */
final class LogLevelTask extends LogConfigurationTask {
    @Override
    public void execute(Map<String, List<String>> parameters, PrintWriter output) throws Exception {
        List<String> loggers = parameters.getOrDefault("logger", List.of());
        if (loggers.isEmpty()) {
            throw new IllegalArgumentException(
                    "name a logger and a level, as in logger=io.thezone&level=DEBUG&duration=PT10M");
        }
        parameters.getOrDefault("level", List.of()).forEach(LogLevelTask::validateLevel);
        parameters.getOrDefault("duration", List.of()).forEach(LogLevelTask::validateDuration);
        super.execute(parameters, output);
        for (String logger : loggers) {
            if (!LogGate.mayBeVerbose(logger)) {
                output.println(logger + ": " + LogGate.LEVEL_NOTICE);
            }
        }
    }

    private static void validateLevel(String level) {
        if (Level.toLevel(level, null) == null) {
            throw new IllegalArgumentException("level " + StreamServiceConfiguration.LEVELS);
        }
    }

    private static void validateDuration(String duration) {
        try {
            Duration.parse(duration);
        } catch (DateTimeParseException e) {
            throw new IllegalArgumentException("duration must be as in PT10M, for ten minutes", e);
        }
    }
}
