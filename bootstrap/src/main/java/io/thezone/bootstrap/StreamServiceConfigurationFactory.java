package io.thezone.bootstrap;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.JacksonYAMLParseException;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.YamlConfigurationFactory;
import jakarta.validation.Validator;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;

/**
 * Lays a configuration file over the shipped config.yml, which lies beside this class: what the file does not name, or gives no
 * value, is as shipped. Environment variables are filled in.
 */
final class StreamServiceConfigurationFactory extends YamlConfigurationFactory<StreamServiceConfiguration> {
    /** What is read without a file, as people call it. */
    static final String SHIPPED = "the shipped config.yml";

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

    @Override
    protected JsonParser createParser(InputStream file) throws IOException {
        try (InputStream shipped = shipped()) {
            ObjectNode settings = read(shipped);
            merge(settings, read(file));
            return mapper.treeAsTokens(settings);
        }
    }

    private static InputStream shipped() {
        return Objects.requireNonNull(StreamServiceConfigurationFactory.class.getResourceAsStream("config.yml"));
    }

    private ObjectNode read(InputStream input) throws IOException {
        try (JsonParser parser = new SubstitutingParser(super.createParser(input), environment)) {
            JsonNode settings = mapper.readTree(parser.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION));
            if (settings == null) {
                return mapper.createObjectNode();
            }
            if (settings instanceof ObjectNode mapping) {
                return mapping;
            }
            throw new JsonParseException(null, "the settings must be a mapping, as in {name: value}");
        } catch (JacksonYAMLParseException e) {
            // Its message quotes the file.
            throw new JsonParseException(null, "not shown, as it may hold a secret", e.getLocation());
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
