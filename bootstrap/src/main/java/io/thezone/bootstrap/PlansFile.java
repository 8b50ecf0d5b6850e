package io.thezone.bootstrap;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropwizard.jackson.Jackson;
import io.thezone.domain.QuotaPlans;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file of plans in YAML, apart from config.yml. */
final class PlansFile {
    private static final ObjectMapper MAPPER = StreamServiceConfigurationFactory.strict(Jackson.newObjectMapper());

    private final Path file;

    PlansFile(Path file) {
        this.file = file;
    }

    /** @throws IllegalStateException if it cannot be read */
    String read() {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw new IllegalStateException(file + " does not exist (quota.file, QUOTA_FILE)", e);
        } catch (IOException e) {
            throw new IllegalStateException(
                    file + " cannot be read (quota.file, QUOTA_FILE): " + CommandFailure.reason(e), e);
        }
    }

    @Override
    public String toString() {
        return file.toString();
    }

    /**
     * @param text of the file, before environment variables are filled in
     * @throws IllegalStateException if it is wrong, with each mistake and its line
     */
    QuotaPlans parse(String text) {
        YamlFile yaml = new YamlFile(file.toString(), text);
        try {
            return parse(yaml, yaml.parse(MAPPER, EnvironmentVariables.read()));
        } catch (InvalidConfigurationException e) {
            throw new IllegalStateException(String.join("; ", e.getErrors()), e);
        } catch (IOException e) {
            throw new IllegalStateException(file + " cannot be read: " + CommandFailure.reason(e), e);
        }
    }

    private static QuotaPlans parse(YamlFile yaml, ObjectNode settings)
            throws JsonProcessingException, InvalidConfigurationException {
        ConfigurationMistakes mistakes = new ConfigurationMistakes(yaml, MAPPER);
        while (true) {
            try {
                QuotaPlans plans =
                        MAPPER.treeToValue(settings, PlansConfiguration.class).toPlans();
                mistakes.throwIfAny();
                return plans;
            } catch (JsonMappingException e) {
                mistakes.noteAndRemove(e, settings);
            }
        }
    }
}
