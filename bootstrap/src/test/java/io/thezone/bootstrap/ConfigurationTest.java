package io.thezone.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import com.fasterxml.jackson.annotation.JsonTypeName;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.google.common.collect.Sets;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.jackson.Discoverable;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.jersey.validation.Validators;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.FieldSource;
import org.junit.jupiter.params.provider.MethodSource;

/** The shipped config.yml has every setting, and mistakes in a changed one are reported. */
class ConfigurationTest {
    private static final ObjectMapper MAPPER = Jackson.newObjectMapper();

    /** A variable, its value, the setting that reads it, and the resulting value. */
    private static final List<Arguments> VARIABLES = List.of(
            Arguments.of("STREAM_LIMIT", "5", "/quota/plans/standard/limit", "5"),
            Arguments.of("STREAM_LIMIT", "unlimited", "/quota/plans/standard/limit", "100"),
            Arguments.of("QUOTA_FILE", "plans.yml", "/quota/file", "plans.yml"),
            Arguments.of("STREAM_LEASE", "2m", "/streams/lease", "2 minutes"),
            Arguments.of("STREAM_HEARTBEAT", "7s", "/streams/heartbeat", "7 seconds"),
            Arguments.of("SESSION_KEY", "a: #key \"\\*", "/sessionKey", "a: #key \"\\*"),
            Arguments.of("STORE_TYPE", "memory", "/store/type", "memory"),
            Arguments.of("DATA_DIR", "/srv/streams", "/store/dataDirectory", "file:///srv/streams"),
            Arguments.of("DATABASE_URL", "jdbc:postgresql://db/x?a=b", "/store/url", "jdbc:postgresql://db/x?a=b"),
            Arguments.of("DATABASE_USER", "somebody", "/store/user", "somebody"),
            Arguments.of("DATABASE_PASSWORD", "&p: #1 \"\\*", "/store/password", "&p: #1 \"\\*"),
            Arguments.of("DATABASE_DURABLE", "false", "/store/durable", "false"),
            Arguments.of("CACHE_TYPE", "none", "/cache/type", "none"),
            Arguments.of("PORT_TYPE", "h2c", "/server/applicationConnectors/0/type", "h2c"),
            Arguments.of("PORT", "81", "/server/applicationConnectors/0/port", "81"),
            Arguments.of("ADMIN_PORT", "82", "/server/adminConnectors/0/port", "82"),
            Arguments.of("GRPC_ENABLED", "true", "/grpc/enabled", "true"),
            Arguments.of("GRPC_PORT", "83", "/grpc/port", "83"),
            Arguments.of("GRPC_HOST", "127.0.0.1", "/grpc/bindHost", "127.0.0.1"),
            Arguments.of("CORS_ORIGINS", "https://a.example", "/cors/origins", "https://a.example"),
            Arguments.of("ADMIN_HOSTS", "a.example,b", "/adminHosts", "a.example,b"),
            Arguments.of("ADMIN_HOST", "0.0.0.0", "/server/adminConnectors/0/bindHost", "0.0.0.0"),
            Arguments.of("SHUTDOWN_WAIT", "9s", "/health/shutdownWaitPeriod", "9 seconds"),
            Arguments.of("LOG_LEVEL", "TRACE", "/logging/level", "TRACE"));

    @Test
    void theShippedFileHasEverySettingOfThisProject() throws Exception {
        JsonNode written = new YAMLMapper().readTree(shipped());

        for (String type : List.of("embedded-postgresql", "postgresql", "memory")) {
            ours(read(shipped(), Map.of("STORE_TYPE", type))).forEach((section, settings) -> settings.fieldNames()
                    .forEachRemaining(setting -> assertTrue(
                            written.path(section).has(setting), () -> section + "." + setting + " is missing")));
        }
    }

    @ParameterizedTest(name = "{0}")
    @FieldSource("VARIABLES")
    void eachVariableTakesEffect(String variable, String value, String place, String effect) throws Exception {
        Map<String, String> environment = variable.startsWith("DATABASE_")
                ? Map.of("STORE_TYPE", "postgresql", variable, value)
                : Map.of(variable, value);

        JsonNode configuration = MAPPER.valueToTree(read(shipped(), environment));

        assertEquals(effect, configuration.at(place).asText());
    }

    @Test
    void everyVariableIsTested() throws Exception {
        Set<String> tried = VARIABLES.stream().map(it -> (String) it.get()[0]).collect(Collectors.toSet());
        Set<String> written = Pattern.compile("(?m)^[^#\n]*\\$\\{([A-Z_]+):-")
                .matcher(shipped())
                .results()
                .map(found -> found.group(1))
                .collect(Collectors.toSet());

        assertEquals(Set.of(), Sets.symmetricDifference(tried, written));
    }

    @ParameterizedTest
    @CsvSource({
        "'', ''",
        "streams, streams.",
        "quota, quota.",
        "headers, headers.",
        "store, store.",
        "cache, cache.",
        "groupCommit, groupCommit."
    })
    void anUnknownSettingIsRefusedByItsName(String section, String prefix) throws Exception {
        String changed = section.isEmpty()
                ? shipped() + "\ncolour: red\n"
                : shipped().replace("\n" + section + ":\n", "\n" + section + ":\n  colour: red\n");

        assertRefused(changed, Map.of(), ", " + prefix + "colour: colour is not known; known are ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "STREAM_LIMIT | many | quota.plans.standard.limit",
                "STREAM_LIMIT | 0 | the limit must be 1 to 100, not 0",
                "STREAM_LIMIT | 101 | the limit must be 1 to 100, not 101",
                "STREAM_LEASE | 60s | lease must be longer than two heartbeats",
                "STREAM_LEASE | 25h | streams.lease must be less than or equal to 1 DAYS",
                "STREAM_LEASE | soon | streams.lease: must be a duration, as in 90s (STREAM_LEASE)",
                "STREAM_HEARTBEAT | 999ms | streams.heartbeat must be greater than or equal to 1 SECONDS",
                "STORE_TYPE | papyrus | store.type: papyrus is not known; known are embedded-postgresql, memory, postgresql (STORE_TYPE)",
                "CACHE_TYPE | papyrus | cache.type: papyrus is not known; known are hazelcast, none (CACHE_TYPE)",
                "ADMIN_HOSTS | http://a | adminHosts must be host names without ports, separated by commas",
                "ADMIN_HOSTS | a:1 | adminHosts must be host names without ports, separated by commas",
                "PORT | 65536 | server.applicationConnectors[0].port must be between 1 and 65535",
            })
    void anInvalidValueIsRefused(String variable, String value, String message) throws Exception {
        assertRefused(shipped(), Map.of(variable, value), message);
    }

    @Test
    void anInvalidHeaderNameIsRefused() throws Exception {
        assertRefused(
                shipped().replace("session: Session-Id", "session: Session Id"),
                Map.of(),
                "headers.session must be a header name");
    }

    /** A factory that is missing in META-INF/services would fail only in production. */
    @ParameterizedTest(name = "{0}")
    @MethodSource("factories")
    void eachFactoryIsFoundByItsName(String name, Class<?> factory, Class<?> kind) throws Exception {
        assertInstanceOf(factory, MAPPER.readValue("{\"type\": \"" + name + "\"}", kind));
    }

    static Stream<Arguments> factories() {
        List<Arguments> factories = new ClassFileImporter()
                .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS).importPackages("io.thezone").stream()
                        .filter(type -> type.isAssignableTo(Discoverable.class)
                                && !type.isInterface()
                                && !type.getModifiers().contains(JavaModifier.ABSTRACT))
                        .map(JavaClass::reflect)
                        .map(type -> Arguments.of(
                                type.getAnnotation(JsonTypeName.class).value(), type, kind(type)))
                        .toList();
        assertEquals(8, factories.size(), () -> "three stores, two caches, two for health, one for logs: " + factories);
        return factories.stream();
    }

    private static Class<?> kind(Class<?> factory) {
        return Arrays.stream(factory.getInterfaces())
                .filter(it -> it.isAnnotationPresent(JsonTypeInfo.class))
                .findAny()
                .orElseThrow();
    }

    private static void assertRefused(String file, Map<String, String> environment, String message) {
        ConfigurationException refusal = assertThrows(ConfigurationException.class, () -> read(file, environment));
        assertTrue(String.valueOf(refusal.getMessage()).contains(message), refusal::toString);
    }

    /** @return the sections of this project, without Dropwizard's */
    private static Map<String, JsonNode> ours(StreamServiceConfiguration configuration) {
        JsonNode all = MAPPER.valueToTree(configuration);
        return Arrays.stream(StreamServiceConfiguration.class.getDeclaredFields())
                .filter(field -> field.isAnnotationPresent(JsonProperty.class))
                .collect(Collectors.toMap(field -> field.getName(), field -> all.path(field.getName())));
    }

    private static String shipped() throws Exception {
        return Files.readString(Path.of("../config.yml"));
    }

    private static StreamServiceConfiguration read(String file, Map<String, String> environment) throws Exception {
        return new StreamServiceConfigurationFactory(
                        StreamServiceConfiguration.class, Validators.newValidator(), MAPPER, "dw", environment)
                .build(path -> new ByteArrayInputStream(file.getBytes(StandardCharsets.UTF_8)), "config.yml");
    }
}
