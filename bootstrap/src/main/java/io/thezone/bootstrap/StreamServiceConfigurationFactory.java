package io.thezone.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.ConfigurationParsingException;
import io.dropwizard.configuration.ConfigurationSourceProvider;
import io.dropwizard.configuration.ConfigurationValidationException;
import io.dropwizard.configuration.YamlConfigurationFactory;
import io.dropwizard.core.server.ServerFactory;
import io.thezone.persistence.spi.SessionCacheFactory;
import io.thezone.persistence.spi.SessionRepositoryFactory;
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
import java.util.Set;

/**
 * Lays a configuration file over the shipped config.yml, a resource of this class: a setting that the file does not name, or
 * gives no value, is as shipped. Environment variables are filled in.
 */
final class StreamServiceConfigurationFactory extends YamlConfigurationFactory<StreamServiceConfiguration> {
    /** The name of the shipped file in messages. */
    static final String SHIPPED = "the shipped config.yml";

    /** A mapping that a file replaces as a whole: merging would keep shipped plans that the user left out. */
    private static final String PLANS = "plans";

    /** The sections whose {@code type} chooses a class, with the interface that the class implements. */
    private static final Map<String, Class<?>> TYPED = Map.of(
            "store", SessionRepositoryFactory.class,
            "cache", SessionCacheFactory.class,
            "server", ServerFactory.class);

    private static final String TYPE = "type";
    private static final String OURS = "io.thezone.";

    private final Map<String, String> environment;
    private final String overrides;

    /** Has the parameters of Dropwizard's {@code ConfigurationFactoryFactory.create}. */
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
        this.overrides = overridePrefix + ".";
    }

    /** Rejects an empty or fractional value for an integer; an empty port would silently become 0, "any free port". */
    static ObjectMapper strict(ObjectMapper mapper) {
        ObjectMapper strict = mapper.copy()
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT);
        strict.coercionConfigDefaults().setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail);
        strict.configOverride(int.class).setSetterInfo(JsonSetter.Value.forValueNulls(Nulls.FAIL));
        return strict;
    }

    /** Builds the configuration without a file: all settings as shipped. */
    @Override
    public StreamServiceConfiguration build() throws IOException, ConfigurationException {
        return build(path -> shipped(), SHIPPED);
    }

    /** @throws InvalidConfigurationException with all mistakes that can be found in one pass */
    @Override
    public StreamServiceConfiguration build(ConfigurationSourceProvider provider, String path)
            throws IOException, ConfigurationException {
        YamlFile shipped = new YamlFile(SHIPPED, text(name -> shipped(), SHIPPED));
        YamlFile changes = new YamlFile(path, text(provider, path));
        ObjectNode settings = overlay(changes.parse(mapper, environment), shipped.parse(mapper, environment), true);
        ObjectNode defaults = overlay(mapper.createObjectNode(), shipped.parse(mapper, Map.of()), false);
        ConfigurationMistakes mistakes = new ConfigurationMistakes(changes, shipped, defaults, mapper);
        while (true) {
            try {
                StreamServiceConfiguration configuration = build(settings, path);
                mistakes.throwIfAny();
                return configuration;
            } catch (ConfigurationValidationException e) {
                throw mistakes.withViolations(e);
            } catch (ConfigurationParsingException e) {
                if (!(e.getCause() instanceof JsonMappingException mistake)) {
                    throw e;
                }
                mistakes.noteAndRemove(mistake, settings);
            }
        }
    }

    /** @return whether a session key is the shipped one, which is public */
    static boolean isShippedKey(String sessionKey) throws IOException, ConfigurationException {
        YamlFile shipped = new YamlFile(SHIPPED, text(name -> shipped(), SHIPPED));
        return shipped.parse(new ObjectMapper(), Map.of())
                .path("sessionKey")
                .asText()
                .equals(sessionKey);
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

    /** @return the settings of a file, completed by those of the shipped one */
    private ObjectNode overlay(ObjectNode changes, ObjectNode shipped, boolean overridden) {
        ObjectNode settings = shipped.deepCopy();
        merge(settings, changes);
        if (overridden) {
            override(settings);
        }
        TYPED.forEach((section, kind) -> {
            if (settings.get(section) instanceof ObjectNode merged) {
                dropSettingsOfOtherTypes(merged, kind, shipped.path(section), changes.path(section));
            }
        });
        return settings;
    }

    /** Applies system properties before the settings of a type are chosen, because one may name the type; Dropwizard applies them again. */
    private void override(ObjectNode settings) {
        System.getProperties().forEach((name, value) -> {
            if (name instanceof String property && property.startsWith(overrides)) {
                addOverride(settings, property.substring(overrides.length()), value.toString());
            }
        });
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

    /**
     * Removes shipped settings that do not belong to the chosen type. The shipped file has the settings of all shipped types in
     * one section; a type from elsewhere must not inherit one of them because its own setting has the same name.
     */
    private void dropSettingsOfOtherTypes(ObjectNode merged, Class<?> kind, JsonNode shipped, JsonNode changes) {
        Class<?> type = DiscoveredTypes.of(kind, mapper).get(merged.path(TYPE).asText());
        if (type != null) {
            Set<String> own = DiscoveredTypes.settings(type, mapper);
            boolean isShipped =
                    type.getPackageName().startsWith(OURS) || merged.path(TYPE).equals(shipped.path(TYPE));
            merged.properties().removeIf(setting -> {
                String name = setting.getKey();
                return shipped.has(name)
                        && !name.equals(TYPE)
                        && !(own.contains(name) && (isShipped || changes.has(name)));
            });
        }
    }
}
