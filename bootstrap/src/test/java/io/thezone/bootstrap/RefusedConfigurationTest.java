package io.thezone.bootstrap;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.jackson.Jackson;
import io.dropwizard.jersey.validation.Validators;
import jakarta.validation.Validator;
import java.io.ByteArrayInputStream;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Invalid settings, also those that are invalid only in combination, are refused with the reason. */
class RefusedConfigurationTest {
    private static final ObjectMapper MAPPER = Jackson.newObjectMapper();
    private static final Validator VALIDATOR = Validators.newValidator();
    private static final String SAME = "headers must differ, also from quota.header and quota.limitHeader: ";
    private static final String FEW = " must be at least one more than groupCommit.writers: ";
    private static final String ORIGINS =
            " must be origins as browsers send them, as in https://www.example.com, separated by commas: not ";
    private static final String LEVEL = " must be OFF, ERROR, WARN, INFO, DEBUG, TRACE or ALL, not ";
    private static final String HTTP = " must not be a header that HTTP uses itself";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "headers: {stream: Session-Id}     | " + SAME + "Session-Id stands twice",
                "headers: {expires: stream-ID}     | " + SAME + "stream-ID stands twice",
                "quota: {header: Idempotency-Key}  | " + SAME + "Idempotency-Key stands twice",
                "quota: {limitHeader: stream-plan} | " + SAME + "stream-plan stands twice",
                "quota: {limitHeader: Stream-Id}   | " + SAME + "Stream-Id stands twice",
                "quota: {limitHeader: Cookie}      | quota.limitHeader" + HTTP,
                "quota: {limitHeader: a b}         | quota.limitHeader must be a header name: letters, digits and -",
                "headers: {stream: Content-Length} | headers.stream" + HTTP,
                "headers: {session: authorization} | headers.session" + HTTP,
                "headers: {heartbeat: RETRY-AFTER} | headers.heartbeat" + HTTP,
                "quota: {header: Host}             | quota.header" + HTTP,
                "authorize: {maxAge: 31s}          | authorize.maxAge must not be longer than streams.heartbeat: a stop would"
                        + " be noticed too late",
                "authorize: {denials: {full: 200}} | authorize.denials.full must be greater than or equal to 400",
                "{grpc: {enabled: true}, authorize: {denials: {full: 499}}} | authorize.denials must be statuses that"
                        + " Envoy knows, since grpc is enabled: not 499 for full",
                "cors: {origins: 'https://a.example, null'} | cors.origins" + ORIGINS + "null",
                "cors: {origins: '*'}              | cors.origins" + ORIGINS + "*",
                "cors: {origins: a.example}        | cors.origins" + ORIGINS + "a.example",
                "cors: {origins: 'https://a.example/'} | cors.origins" + ORIGINS + "https://a.example/",
                "cors: {origins: 'https://*.example'} | cors.origins" + ORIGINS + "https://*.example",
                "cors: {origins: 'https://A.example'} | cors.origins" + ORIGINS + "https://A.example",
                "cors: {origins: 'https://a.example:443'} | cors.origins" + ORIGINS + "https://a.example:443",
                "cors: {origins: 'http://a.example:80'} | cors.origins" + ORIGINS + "http://a.example:80",
                "cors: {exposedHeaders: [session-id]} | cors.exposedHeaders must not have Session-Id: scripts of pages could"
                        + " read the session",
                "groupCommit: {writers: 8}         | store.connections" + FEW + "8 are too few for 8",
                "{store: {type: postgresql, connections: 1}, groupCommit: {writers: 64}} | store.connections" + FEW
                        + "1 are too few for 64",
                "server: {user: thezone}           | server must not choose user, group, umask or limits of files: start"
                        + " the service as that user, with these limits",
                "server: {type: simple}            | server.type must be default: with another, viewers would reach the admin"
                        + " pages",
                "logging: {level: foo}             | logging.level" + LEVEL + "foo",
                "logging: {loggers: {a.b: WARNING}} | logging.loggers.a.b" + LEVEL + "WARNING",
                "logging: {loggers: {a.b: {level: x}}} | logging.loggers.a.b" + LEVEL + "x",
                "headers: {decision: 'a b'}        | headers.decision must be a header name: letters, digits and -",
            })
    void aMistakeIsReported(String file, String message) {
        List<String> errors = errors(file);

        assertEquals(1, errors.size(), errors::toString);
        assertTrue(errors.get(0).matches("config.yml(, line 1)?: \\Q" + message + "\\E"), errors::toString);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "store: {type: mysql}    | store.type: mysql is not known; known are embedded-postgresql, memory, postgresql",
                "cache: {type: redis}    | cache.type: redis is not known; known are hazelcast, none",
                "logging: {appenders: [{type: paper}]} | logging.appenders[0].type: paper is not known; known are console,"
                        + " file, syslog, tcp, tls, udp",
                "server: {adminConnectors: [{port: 1}]} | server.adminConnectors[0].type: is missing; known are h2, h2c, http, https",
                "store: 5                | store.type: is missing; known are embedded-postgresql, memory, postgresql",
                "streams: {leese: 90s}   | streams.leese: leese is not known; known are heartbeat, lease",
                "streams: {lease: 90}    | streams.lease: must be a duration, as in 90s",
                "streams: {lease: soon}  | streams.lease: must be a duration, as in 90s",
                "streams: {lease: {a: b}} | streams.lease: must be a duration, as in 90s",
                "groupCommit: {writers: many} | groupCommit.writers: must be a whole number",
                "groupCommit: {writers: 1.5}  | groupCommit.writers: must be a whole number",
                "groupCommit: {writers: 99999999999} | groupCommit.writers: must be a whole number, and no greater",
                "groupCommit: [1]        | groupCommit: must be a mapping, as in {name: value}",
                "server: {adminConnectors: {type: http}} | server.adminConnectors: must be a list",
                "server: {gzip: {enabled: maybe}} | server.gzip.enabled: must be true or false",
                "server: {gzip: {minimumEntitySize: big}} | server.gzip.minimumEntitySize: must be a size, as in 8KiB",
                "store: {dataDirectory: [a]} | store.dataDirectory: must be a path",
                "sessionKey: {a: b}      | sessionKey: must be text",
                "logging: {appenders: [{type: console, target: paper}]} | logging.appenders[0].target: must be one of"
                        + " stderr, stdout",
                "health: {healthChecks: [{name: [a]}]} | health.healthChecks[0].name: must be text",
                "authorize: {stream: [{header: a, cookie: b}]} | authorize.stream[0]: a place is one of header, cookie,"
                        + " query, group and cmcd, with a name, as in {cookie: sid}",
                "authorize: {restartPause: 11m} | authorize: the pause before a restart must be 0 to 10 minutes",
                "authorize: {withoutIdentity: maybe} | authorize: withoutIdentity must be deny or new-stream, not maybe",
                "authorize: {patterns: ['(']} | authorize: the pattern ( is wrong: missing closing )",
                "authorize: {stream: [{group: player}]} | authorize: no pattern has a group named player",
                "authorize: {session: []} | authorize: session must have a place, and each must be a header,"
                        + " cookie or group",
                "quota: {unknownPlan: both} | quota.unknownPlan: must be one of refuse, default, not both",
                "quota: {plans: {gold: {limit: 0}}} | quota.plans.gold: the limit must be 1 to 100, not 0",
            })
    void aValueOfTheWrongTypeIsReportedWithoutNamesOfJavaClasses(String file, String message) {
        assertEquals(List.of("config.yml, line 1, " + message), errors(file));
    }

    @Test
    void eachMistakeIsReportedOnceAndNothingElse() {
        String file =
                """
                streams:
                  lease: soon
                  heartbeat: 50s
                groupCommit:
                  writers: 0
                  maxBatch: 0
                store: {type: mysql}
                quota:
                  plans:
                    standard: {limit: many}
                headers:
                  session: a b
                colour: red
                """;

        assertEquals(
                Set.of(
                        "config.yml, line 2, streams.lease: must be a duration, as in 90s",
                        "config.yml, line 5: groupCommit.writers must be greater than or equal to 1",
                        "config.yml, line 6: groupCommit.maxBatch must be greater than or equal to 1",
                        "config.yml, line 7, store.type: mysql is not known; known are embedded-postgresql, memory, postgresql",
                        "config.yml, line 10, quota.plans.standard.limit: must be a whole number up to 100, or unlimited",
                        "config.yml, line 12: headers.session must be a header name: letters, digits and -",
                        "config.yml, line 13, colour: colour is not known"),
                errors(file).stream()
                        .map(it -> it.replaceAll("(colour is not known);.*", "$1"))
                        .collect(Collectors.toSet()));
    }

    @Test
    void theVariableWithAWrongValueIsNamed() {
        assertEquals(
                List.of("config.yml, streams.heartbeat: must be a duration, as in 90s (STREAM_HEARTBEAT)"),
                errors("streams: {lease: 2m}", Map.of("STREAM_HEARTBEAT", "often")));
        assertEquals(
                List.of("config.yml, line 1: streams.heartbeat must be greater than or equal to 1 SECONDS (BEAT)"),
                errors("streams: {heartbeat: '${BEAT}'}", Map.of("BEAT", "1ms")));
    }

    @Test
    void aFileThatIsNotUtf8IsRefused() {
        InvalidConfigurationException refusal = assertThrows(
                InvalidConfigurationException.class, () -> read("sessionKey: \u00fc".getBytes(ISO_8859_1), Map.of()));

        assertEquals(List.of("config.yml is not UTF-8"), List.copyOf(refusal.getErrors()));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "groupCommit: {writers: 7}",
                "quota: {limitHeader: Stream-Limit}",
                "quota: {limitHeader: ''}",
                "quota: {limitHeader: }",
                "cors: {origins: 'https://a.example, http://localhost:8080,https://[::1]:8443, capacitor://localhost'}",
                "cors: {exposedHeaders: []}",
                "{store: {type: memory}, groupCommit: {writers: 64}}",
                "logging: {level: warn, loggers: {a.b: {appenders: []}, c.d: OFF}}"
            })
    void validSettingsAreAccepted(String file) {
        assertDoesNotThrow(() -> read(file.getBytes(UTF_8), Map.of()));
    }

    private static List<String> errors(String file) {
        return errors(file, Map.of());
    }

    private static List<String> errors(String file, Map<String, String> environment) {
        return List.copyOf(
                assertThrows(InvalidConfigurationException.class, () -> read(file.getBytes(UTF_8), environment))
                        .getErrors());
    }

    private static StreamServiceConfiguration read(byte[] file, Map<String, String> environment) throws Exception {
        return new StreamServiceConfigurationFactory(
                        StreamServiceConfiguration.class, VALIDATOR, MAPPER, "dw", environment)
                .build(path -> new ByteArrayInputStream(file), "config.yml");
    }
}
