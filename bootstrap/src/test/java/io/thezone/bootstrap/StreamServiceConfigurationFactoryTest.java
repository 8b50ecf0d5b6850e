package io.thezone.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.example.store.StoreOfSomebodyElse;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.google.common.collect.Sets;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.jersey.validation.Validators;
import jakarta.validation.Validator;
import java.io.ByteArrayInputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The configuration is built from the shipped file, the user's file and environment variables. */
class StreamServiceConfigurationFactoryTest {
    private static final ObjectMapper MAPPER = Jackson.newObjectMapper();
    private static final Validator VALIDATOR = Validators.newValidator();

    @ParameterizedTest
    @ValueSource(
            strings = {
                "se'cret",
                "'",
                "\"",
                "a: #b",
                "*a",
                "&a",
                "!a",
                "%a",
                "[",
                "{",
                "\\",
                " a ",
                "a\n  b",
                "${STORE_TYPE}",
                "$${a}"
            })
    void aSecretMayContainAnyCharacter(String secret) throws Exception {
        JsonNode configuration =
                read(shipped(), Map.of("STORE_TYPE", "postgresql", "DATABASE_PASSWORD", secret, "SESSION_KEY", secret));

        assertEquals(secret, configuration.at("/store/password").textValue());
        assertEquals(secret, configuration.at("/sessionKey").textValue());
    }

    @Test
    void aVariableThatIsNotUtf8IsRefusedAndNamed() throws Exception {
        String refusal = refusal(shipped(), Map.of("SESSION_KEY", "hunter2" + EnvironmentVariables.UNREADABLE));

        assertTrue(refusal.contains("SESSION_KEY"), refusal);
        assertTrue(refusal.contains("is not UTF-8"), refusal);
        assertFalse(refusal.contains("hunter2"), refusal);
    }

    @Test
    void aVariableMayBeABoolean() throws Exception {
        String file = shipped().replace("migrate: true", "migrate: ${MIGRATE:-true}");

        assertTrue(read(file, Map.of()).at("/store/migrate").booleanValue());
        assertFalse(read(file, Map.of("MIGRATE", "false")).at("/store/migrate").booleanValue());
    }

    @ParameterizedTest
    @CsvSource({"PORT, server.applicationConnectors[0].port", "STREAM_LEASE, streams.lease", "CACHE_TYPE, cache"})
    void anEmptyVariableIsNoNumber(String variable, String place) throws Exception {
        assertTrue(refusal(shipped(), Map.of(variable, "")).contains(place));
    }

    @Test
    void aPortWithoutANumberIsRefused() {
        String file = "server:\n  applicationConnectors:\n    - type: http\n      port:\n";

        assertTrue(refusal(file, Map.of()).contains("server.applicationConnectors[0].port"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"'hunter2'x", "%hunter2", "!<hunter2", "[hunter2", "\"hunter2"})
    void invalidYamlIsReportedWithItsLineAndNotShown(String password) {
        String file = "store:\n  type: postgresql\n  password: " + password + "\n";

        String refusal = refusal(file, Map.of());

        assertTrue(refusal.contains("config.yml, line "), refusal);
        assertFalse(refusal.contains("hunter2"), refusal);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql://bob:hunter2@localhost:5432/db",
                "jdbc:postgresql://bob:hunter2@localhost/db",
                "postgres://bob:hunter2@localhost:5432/db",
                "jdbc:postgresql://localhost:99999/db?password=hunter2",
                "jdbc:postgresql://localhost/db?password=%hunter2"
            })
    void aUrlThatTheDriverDoesNotUnderstandIsRefusedAndNotShown(String url) {
        String refusal = refusal("store: {type: postgresql}", Map.of("DATABASE_URL", url));

        assertTrue(refusal.contains("store.url (DATABASE_URL) must be as in jdbc:postgresql://"), refusal);
        assertFalse(refusal.contains("hunter2"), refusal);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "jdbc:postgresql:db",
                "jdbc:postgresql://one,two:5433/db?password=a@b",
                "jdbc:postgresql://[::1]:5432/db?ssl=true"
            })
    void aUrlThatTheDriverUnderstandsIsAccepted(String url) throws Exception {
        JsonNode configuration = read("store: {type: postgresql}", Map.of("DATABASE_URL", url));

        assertEquals(url, configuration.at("/store/url").textValue());
    }

    @Test
    void aPasswordInTheUrlIsAcceptedAndNotShown() throws Exception {
        Map<String, String> environment =
                Map.of("DATABASE_URL", "jdbc:postgresql://localhost/db?user=bob&password=hunter2");

        String place =
                configuration("store: {type: postgresql}", environment).store().describe();

        assertEquals("in PostgreSQL at jdbc:postgresql://localhost/db", place);
    }

    @Test
    void aDuplicateSettingIsRefused() {
        assertTrue(refusal("sessionKey: a\nsessionKey: b\n", Map.of()).contains("Duplicate field 'sessionKey'"));
    }

    @Test
    void aFileThatIsNotAMappingIsRefusedAndNotShown() {
        String refusal = refusal("DATABASE_PASSWORD=hunter2\n", Map.of());

        assertTrue(refusal.contains("must be a mapping"), refusal);
        assertFalse(refusal.contains("hunter2"), refusal);
    }

    @Test
    void withoutAFileAllSettingsAreAsShipped() throws Exception {
        Map<String, String> environment = Map.of("PORT", "4000", "STORE_TYPE", "memory");

        assertEquals(
                read(shipped(), environment),
                MAPPER.valueToTree(factory(environment).build()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "# nothing yet\n", "server:\n", "store:\nhealth:\n", "server: {type: default, gzip: {}}"})
    void aSettingThatAFileDoesNotNameIsAsShipped(String file) throws Exception {
        assertEquals(read(shipped(), Map.of()), read(file, Map.of()));
    }

    @Test
    void aFileWithOneSettingChangesOnlyThatOne() throws Exception {
        assertEquals(read(shipped(), Map.of("STORE_TYPE", "memory")), read("store: {type: memory}", Map.of()));
        assertEquals(
                read(shipped(), Map.of("SHUTDOWN_WAIT", "9s")), read("health: {shutdownWaitPeriod: 9s}", Map.of()));
    }

    @Test
    void aTypeGetsItsOwnShippedSettings() throws Exception {
        JsonNode store = read("", Map.of("STORE_TYPE", "postgresql")).path("store");

        assertTrue(store.has("url"), store::toString);
        assertFalse(store.has("dataDirectory"), store::toString);
    }

    @Test
    void aShippedSettingOfAnotherTypeIsIgnoredAndAnUnknownOneRefused() throws Exception {
        assertEquals(
                read("store: {type: memory}", Map.of()),
                read("store: {type: memory, url: 'jdbc:postgresql://db/x'}", Map.of()));
        assertTrue(
                refusal("store: {type: memory, colour: red}", Map.of()).contains("store.colour: colour is not known"));
    }

    @Test
    void aThirdPartyTypeGetsNoShippedSettingOfTheSameName() throws Exception {
        ObjectMapper mapper = Jackson.newObjectMapper();
        mapper.registerSubtypes(StoreOfSomebodyElse.class);
        StreamServiceConfigurationFactory factory = new StreamServiceConfigurationFactory(
                StreamServiceConfiguration.class, VALIDATOR, mapper, "dw", Map.of());

        assertEquals("its own default", store(factory, "store: {type: other}"));
        assertEquals("mine", store(factory, "store: {type: other, url: mine}"));
    }

    private static String store(StreamServiceConfigurationFactory factory, String file) throws Exception {
        return factory.build(path -> new ByteArrayInputStream(file.getBytes(UTF_8)), "config.yml")
                .store()
                .describe();
    }

    @Test
    void aSecondDocumentIsRefused() {
        String refusal = refusal("sessionKey: a\n---\nsessionKey: b\n", Map.of());

        assertTrue(refusal.contains("config.yml, line 3: a second document begins"), refusal);
    }

    @Test
    void aListAndThePlansAreReplacedAsAWhole() throws Exception {
        String file =
                """
                quota: {default: gold, plans: {gold: {rules: [{name: all, limit: 2}]}}}
                server: {adminConnectors: [{type: http, port: 4000}]}
                """;

        JsonNode configuration = read(file, Map.of());

        assertEquals(
                Set.of("gold"), Sets.newHashSet(configuration.at("/quota/plans").fieldNames()));
        assertTrue(configuration.at("/quota/plans/gold/limit").isNull());
        assertTrue(configuration.at("/server/adminConnectors/0/bindHost").isNull());
        assertEquals(
                3001, configuration.at("/server/applicationConnectors/0/port").intValue());
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

    private static StreamServiceConfiguration configuration(String file, Map<String, String> environment)
            throws Exception {
        return factory(environment).build(path -> new ByteArrayInputStream(file.getBytes(UTF_8)), "config.yml");
    }

    private static StreamServiceConfigurationFactory factory(Map<String, String> environment) {
        return new StreamServiceConfigurationFactory(
                StreamServiceConfiguration.class, VALIDATOR, MAPPER, "dw", environment);
    }
}
