package io.thezone.bootstrap.operation;

import static io.thezone.rest.testing.HttpService.header;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import io.dropwizard.testing.ConfigOverride;
import io.thezone.bootstrap.StreamServiceApplication;
import io.thezone.bootstrap.support.RunningService;
import io.thezone.rest.testing.RawConnection;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slf4j.LoggerFactory;

/** The tasks of the admin port, and its allowed host names. */
class AdminPortTest {
    private static RunningService service;

    @BeforeAll
    static void start() throws Exception {
        service = RunningService.start(
                        StreamServiceApplication.class,
                        ConfigOverride.config("store.type", "memory"),
                        ConfigOverride.config("cache.type", "none"),
                        ConfigOverride.config("adminHosts", "Thezone.example, admin"))
                .up();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void metricsAreTextAlsoWhereProtocolBuffersArePreferred() throws Exception {
        HttpResponse<String> answer = service.admin(
                "/metrics",
                "Accept",
                "application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,text/plain");

        assertEquals(200, answer.statusCode());
        assertTrue(answer.body().contains("# TYPE "), answer::body);
    }

    @Test
    void requestsMayUseTheConfiguredHostNames() throws Exception {
        assertEquals(200, status("thezone.example"));
        assertEquals(200, status("admin:3002"));
        assertEquals(421, status("another.example"));
    }

    @Test
    void reloadingPlansWithoutAFileNamesTheSettingForOne() throws Exception {
        HttpResponse<String> answer = service.adminPost("/tasks/reload-plans");

        assertEquals(400, answer.statusCode());
        assertEquals("text/plain;charset=utf-8", header(answer, "Content-Type"));
        assertTrue(answer.body().contains("a file named by quota.file (QUOTA_FILE)"), answer::body);
    }

    @ParameterizedTest
    @CsvSource({
        "'', 'name a logger and a level, as in logger=io.thezone&level=DEBUG&duration=PT10M'",
        "?logger=some.library&level=LOUD, 'level must be OFF, ERROR, WARN, INFO, DEBUG, TRACE or ALL'",
        "?logger=some.library&level=WARN&duration=1m, 'duration must be as in PT10M, for ten minutes'"
    })
    void anInvalidLogLevelIsRefusedWithTheReason(String query, String reason) throws Exception {
        HttpResponse<String> answer = service.adminPost("/tasks/log-level" + query);

        assertEquals(400, answer.statusCode());
        assertEquals(reason, answer.body().strip());
        assertEquals(null, ((Logger) LoggerFactory.getLogger("some.library")).getLevel());
    }

    @Test
    void aLogLevelWithoutEffectIsReported() throws Exception {
        assertTrue(service.adminPost("/tasks/log-level?logger=org.eclipse.jetty&level=WARN&level=DEBUG")
                .body()
                .contains("below INFO only io.thezone, com.hazelcast and liquibase are written"));
        assertFalse(service.adminPost("/tasks/log-level?logger=io.thezone.rest&level=INFO")
                .body()
                .contains("below INFO"));
    }

    private static int status(String host) throws Exception {
        try (RawConnection connection = RawConnection.to(service.adminPort(), host, "GET", "/metrics")) {
            return connection.answer().statusCode();
        }
    }
}
