package io.thezone.bootstrap;

import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.dataformat.yaml.JacksonYAMLParseException;
import io.dropwizard.configuration.YamlConfigurationFactory;
import jakarta.validation.Validator;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** Reads a configuration file and fills environment variables in. */
final class StreamServiceConfigurationFactory extends YamlConfigurationFactory<StreamServiceConfiguration> {
    private final Map<String, String> environment;

    /** The parameters are those of Dropwizard's factory of factories. */
    StreamServiceConfigurationFactory(
            Class<StreamServiceConfiguration> type, Validator validator, ObjectMapper mapper, String overridePrefix) {
        this(type, validator, mapper, overridePrefix, System.getenv());
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

    private static ObjectMapper strict(ObjectMapper mapper) {
        ObjectMapper strict = mapper.copy().enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES);
        strict.coercionConfigDefaults().setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail);
        return strict;
    }

    @Override
    protected JsonParser createParser(InputStream input) throws IOException {
        return mapper.treeAsTokens(read(input));
    }

    private JsonNode read(InputStream input) throws IOException {
        try (JsonParser parser = new SubstitutingParser(super.createParser(input), environment)) {
            return mapper.readTree(parser.enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION));
        } catch (JacksonYAMLParseException e) {
            // Its message quotes the file.
            throw new JsonParseException(null, "not shown, as it may hold a secret", e.getLocation());
        }
    }
}
