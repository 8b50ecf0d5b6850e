package io.thezone.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.JacksonYAMLParseException;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.ConfigurationParsingException;
import io.dropwizard.configuration.ConfigurationSourceProvider;
import io.dropwizard.configuration.ConfigurationValidationException;
import io.dropwizard.configuration.YamlConfigurationFactory;
import jakarta.validation.Validator;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * Lays a configuration file over the shipped config.yml, which lies beside this class: what the file does not name, or gives no
 * value, is as shipped. Environment variables are filled in.
 */
final class StreamServiceConfigurationFactory extends YamlConfigurationFactory<StreamServiceConfiguration> {
    /** What is read without a file, as people call it. */
    static final String SHIPPED = "the shipped config.yml";

    private static final YAMLFactory YAML = new YAMLFactory();

    /** A mapping that is a value of its own: a plan that a file does not name is not meant to be there. */
    private static final String PLANS = "plans";

    private final Map<String, String> environment;

    /** The parameters are those of Dropwizard's factory of factories. */
    StreamServiceConfigurationFactory(
            Class<StreamServiceConfiguration> type, Validator validator, ObjectMapper mapper, String overridePrefix) {
        this(type, validator, mapper, overridePrefix, EnvironmentVariables.read());
    }

    StreamServiceConfigurationFactory(
            Class<StreamServiceConfiguration> type,
            Validator validator,
            ObjectMapper mapper,
            String overridePrefix,
            Map<String, String> environment) {
        super(type, validator, strict(mapper), overridePrefix);
        this.environment = environment;
    }

    /** Nothing is no number: a port would be any that is free. Nor is half of one. */
    static ObjectMapper strict(ObjectMapper mapper) {
        ObjectMapper strict = mapper.copy()
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
        strict.coercionConfigDefaults().setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail);
        strict.configOverride(int.class).setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.FAIL));
        return strict;
    }

    /** Without a file. */
    @Override
    public StreamServiceConfiguration build() throws IOException, ConfigurationException {
        return build(path -> shipped(), SHIPPED);
    }

    /** @throws InvalidConfigurationException with all that is wrong, as far as one mistake does not hide another */
    @Override
    public StreamServiceConfiguration build(ConfigurationSourceProvider provider, String path)
            throws IOException, ConfigurationException {
        String shipped = text(name -> shipped(), SHIPPED);
        String changes = text(provider, path);
        ObjectNode settings = parse(shipped, SHIPPED);
        merge(settings, parse(changes, path));
        ConfigurationMistakes mistakes = new ConfigurationMistakes(path, changes, shipped, mapper);
        while (true) {
            try {
                StreamServiceConfiguration configuration = build(settings, path);
                mistakes.throwIfAny();
                return configuration;
            } catch (ConfigurationValidationException e) {
                throw mistakes.with(e);
            } catch (ConfigurationParsingException e) {
                mistakes.takeOut(e, settings);
            }
        }
    }

    private static InputStream shipped() {
        return Objects.requireNonNull(StreamServiceConfigurationFactory.class.getResourceAsStream("config.yml"));
    }

    private static String text(ConfigurationSourceProvider provider, String path)
            throws IOException, InvalidConfigurationException {
        try (InputStream file = provider.open(path)) {
            return UTF_8.newDecoder()
                    .decode(ByteBuffer.wrap(file.readAllBytes()))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new InvalidConfigurationException(path, List.of(path + " is not UTF-8"), e);
        } catch (FileNotFoundException | NoSuchFileException e) {
            String reason = Files.isDirectory(Path.of(path))
                    ? " is a directory"
                    : Files.exists(Path.of(path)) ? " may not be read by this user" : " does not exist";
            throw new InvalidConfigurationException(path, List.of(path + reason), e);
        }
    }

    private ObjectNode parse(String text, String path) throws IOException, InvalidConfigurationException {
        try (JsonParser parser = new SubstitutingParser(YAML.createParser(text), environment)) {
            JsonNode settings = mapper.readTree(parser.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION));
            if (settings == null) {
                return mapper.createObjectNode();
            }
            if (settings instanceof ObjectNode mapping) {
                return mapping;
            }
            throw new InvalidConfigurationException(
                    path, List.of(path + ": the settings must be a mapping, as in {name: value}"));
        } catch (JsonProcessingException e) {
            // The message of the library quotes the file.
            String reason = e instanceof JacksonYAMLParseException
                    ? "is not YAML; not shown, as it may hold a secret"
                    : e.getOriginalMessage();
            throw new InvalidConfigurationException(
                    path, List.of(path + ", line " + e.getLocation().getLineNr() + ": " + reason), e);
        }
    }

    private static void merge(ObjectNode settings, ObjectNode changes) {
        changes.properties().forEach(change -> {
            String name = change.getKey();
            JsonNode value = change.getValue();
            if (value instanceof ObjectNode section
                    && settings.get(name) instanceof ObjectNode shipped
                    && !name.equals(PLANS)) {
                merge(shipped, section);
            } else if (!value.isNull()) {
                settings.set(name, value);
            }
        });
    }
}
