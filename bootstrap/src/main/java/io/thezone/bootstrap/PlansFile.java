package io.thezone.bootstrap;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.dropwizard.jackson.Jackson;
import io.thezone.domain.QuotaPlans;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** A file of plans, and what is wrong with it in words that help to put it right. */
final class PlansFile {
    private static final ObjectMapper MAPPER =
            StreamServiceConfigurationFactory.strict(Jackson.newObjectMapper(new YAMLFactory()));

    private static final ObjectReader READER = MAPPER.readerFor(PlansConfiguration.class)
            .with(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

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
     * @throws IllegalStateException if it is wrong, saying why and on which line
     */
    QuotaPlans parse(String text) {
        try (JsonParser parser = new SubstitutingParser(READER.createParser(text), EnvironmentVariables.read())) {
            PlansConfiguration read = READER.readValue(parser);
            if (read == null) {
                throw new IllegalStateException(file + " is empty");
            }
            return read.toPlans();
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(file + place(e, text), e);
        } catch (IOException e) {
            throw new IllegalStateException(file + " cannot be read: " + CommandFailure.reason(e), e);
        }
    }

    private static String place(JsonProcessingException e, String text) {
        int line = e.getLocation() == null ? 1 : Math.max(1, e.getLocation().getLineNr());
        if (!(e instanceof JsonMappingException mapping)) {
            return ", line " + line + ": " + e.getOriginalMessage();
        }
        YamlMistake mistake = YamlMistake.of(mapping, MAPPER);
        // Of what it could not make, Jackson tells the way to it and where it ends, but not where it begins.
        int found = e.getCause() instanceof JsonProcessingException
                ? line
                : new YamlText(text)
                        .find(mistake.path())
                        .map(YamlText.Place::line)
                        .orElse(line);
        return ", line " + found + (mistake.path().isEmpty() ? "" : ", " + mistake.place()) + ": " + mistake.reason();
    }
}
