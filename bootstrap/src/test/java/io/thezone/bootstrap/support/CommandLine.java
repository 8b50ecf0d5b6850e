package io.thezone.bootstrap.support;

import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.util.JarLocation;
import io.thezone.bootstrap.StreamServiceApplication;
import io.thezone.bootstrap.StreamServiceConfiguration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;

/** Runs the commands of the jar in this process, on a copy of the shipped config.yml with other values. */
public final class CommandLine {
    private final Path config;

    /** @param variables replace environment variables, which a process cannot change for itself */
    public CommandLine(Path directory, Map<String, String> variables, String... more) throws IOException {
        String text = Files.readString(ServiceProcess.CONFIG);
        for (Map.Entry<String, String> variable : variables.entrySet()) {
            text = with(text, variable.getKey(), variable.getValue());
        }
        for (int i = 0; i < more.length; i += 2) {
            text = with(text, more[i], more[i + 1]);
        }
        this.config = Files.writeString(directory.resolve("config.yml"), text);
    }

    private static String with(String text, String variable, String value) {
        return text.replaceFirst("\\$\\{" + variable + ":-[^}]*}", Matcher.quoteReplacement(value));
    }

    public String config() {
        return config.toString();
    }

    /** @return the failure, if the command failed */
    public Optional<Throwable> run(String... command) {
        StreamServiceApplication application = new StreamServiceApplication();
        Bootstrap<StreamServiceConfiguration> bootstrap = new Bootstrap<>(application);
        application.initialize(bootstrap);
        return new Cli(new JarLocation(StreamServiceApplication.class), bootstrap, System.out, System.err).run(command);
    }
}
