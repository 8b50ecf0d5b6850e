package io.thezone.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.jersey.validation.Validators;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file and the environment make of the configuration. */
class StreamServiceConfigurationFactoryTest {
    private static final ObjectMapper MAPPER = Jackson.newObjectMapper();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "se'cret", "'", "\"", "a: #b", "*a", "&a", "!a", "%a", "[", "{", "\\", " a ", "a\n  b", "${STORE_TYPE}",
                "$${a}"
            })
    void aSecretMayHoldAnything(String secret) throws Exception {
        JsonNode configuration =
                read(shipped(), Map.of("STORE_TYPE", "postgresql", "DATABASE_PASSWORD", secret, "SESSION_KEY", secret));

        assertEquals(secret, configuration.at("/store/password").textValue());
        assertEquals(secret, configuration.at("/sessionKey").textValue());
    }

    @Test
    void aVariableMayBeABoolean() throws Exception {
        String file = shipped().replace("migrate: true", "migrate: ${MIGRATE:-true}");

        assertTrue(read(file, Map.of()).at("/store/migrate").booleanValue());
        assertFalse(read(file, Map.of("MIGRATE", "false")).at("/store/migrate").booleanValue());
    }

    @ParameterizedTest
    @CsvSource({"PORT, server.applicationConnectors.[0].port", "STREAM_LEASE, streams.lease", "CACHE_TYPE, cache"})
    void aVariableThatIsEmptyIsNoNumberNorAnythingElse(String variable, String place) throws Exception {
        assertTrue(refusal(shipped(), Map.of(variable, "")).contains(place));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'hunter2'x", "%hunter2", "!<hunter2", "[hunter2", "\"hunter2"})
    void whatIsNotYamlIsSaidByItsPlaceAndNotShown(String password) {
        String file = "store:\n  type: postgresql\n  password: " + password + "\n";

        String refusal = refusal(file, Map.of());

        assertTrue(refusal.contains("Malformed YAML at line: "), refusal);
        assertFalse(refusal.contains("hunter2"), refusal);
    }

    @Test
    void aSettingThatStandsTwiceIsRefused() {
        assertTrue(refusal("sessionKey: a\nsessionKey: b\n", Map.of()).contains("Duplicate field 'sessionKey'"));
    }

    private static String refusal(String file, Map<String, String> environment) {
        return String.valueOf(assertThrows(ConfigurationException.class, () -> read(file, environment))
                .getMessage());
    }

    private static String shipped() throws Exception {
        return Files.readString(Path.of("../config.yml"));
    }

    private static JsonNode read(String file, Map<String, String> environment) throws Exception {
        return MAPPER.valueToTree(
                factory(environment).build(path -> new ByteArrayInputStream(file.getBytes(UTF_8)), "config.yml"));
    }

    private static StreamServiceConfigurationFactory factory(Map<String, String> environment) {
        return new StreamServiceConfigurationFactory(
                StreamServiceConfiguration.class, Validators.newValidator(), MAPPER, "dw", environment);
    }
}
