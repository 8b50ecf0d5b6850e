package io.thezone.bootstrap;

import io.dropwizard.configuration.ConfigurationException;
import java.util.List;

/** Refuses a configuration; each of its errors names the file, the line if it is known, and the setting. */
final class InvalidConfigurationException extends ConfigurationException {
    private static final long serialVersionUID = 1L;

    InvalidConfigurationException(String file, List<String> errors) {
        super(file, errors);
    }

    InvalidConfigurationException(String file, List<String> errors, Throwable cause) {
        super(file, errors, cause);
    }
}
