package io.thezone.bootstrap;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.dropwizard.configuration.ConfigurationValidationException;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.jersey.validation.Validators;
import java.io.ByteArrayInputStream;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings that are well-formed, each by itself, and still cannot be. */
class RefusedConfigurationTest {
    private static final String SAME = "headers must differ, also from quota.header: ";
    private static final String FEW = " must be at least one more than groupCommit.writers: ";
    private static final String LEVEL = " must be OFF, ERROR, WARN, INFO, DEBUG, TRACE or ALL, not ";
    private static final String HTTP = " must not be a header that HTTP uses itself";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "headers: {stream: Session-Id}     | " + SAME + "Session-Id stands twice",
                "headers: {expires: stream-ID}     | " + SAME + "stream-ID stands twice",
                "quota: {header: Idempotency-Key}  | " + SAME + "Idempotency-Key stands twice",
                "headers: {stream: Content-Length} | headers.stream" + HTTP,
                "headers: {session: authorization} | headers.session" + HTTP,
                "headers: {heartbeat: RETRY-AFTER} | headers.heartbeat" + HTTP,
                "quota: {header: Host}             | quota.header" + HTTP,
                "groupCommit: {writers: 8}         | store.connections" + FEW + "8 are too few for 8",
                "{store: {type: postgresql, connections: 1}, groupCommit: {writers: 64}} | store.connections" + FEW
                        + "1 are too few for 64",
                "logging: {level: foo}             | logging.level" + LEVEL + "foo",
                "logging: {loggers: {a.b: WARNING}} | logging.loggers.a.b" + LEVEL + "WARNING",
                "logging: {loggers: {a.b: {level: x}}} | logging.loggers.a.b" + LEVEL + "x",
                "headers: {decision: 'a b'}        | headers.decision must be a header name: letters, digits and -",
            })
    void whatIsWrongIsSaid(String file, String message) {
        ConfigurationValidationException refusal =
                assertThrows(ConfigurationValidationException.class, () -> read(file));

        assertEquals("config.yml has an error:\n  * " + message + "\n", refusal.getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "groupCommit: {writers: 7}",
                "{store: {type: memory}, groupCommit: {writers: 64}}",
                "logging: {level: warn, loggers: {a.b: {appenders: []}, c.d: OFF}}"
            })
    void whatIsNotWrongIsTaken(String file) {
        assertDoesNotThrow(() -> read(file));
    }

    private static StreamServiceConfiguration read(String file) throws Exception {
        return new StreamServiceConfigurationFactory(
                        StreamServiceConfiguration.class,
                        Validators.newValidator(),
                        Jackson.newObjectMapper(),
                        "dw",
                        Map.of())
                .build(path -> new ByteArrayInputStream(file.getBytes(UTF_8)), "config.yml");
    }
}
