package io.thezone.rest;

import static io.thezone.rest.testing.HttpService.header;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import ch.qos.logback.classic.Logger;
import io.thezone.gateway.testing.MapStore;
import io.thezone.rest.testing.RawConnection;
import java.net.http.HttpResponse;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.slf4j.LoggerFactory;

/** The admin port answers operators, but no web page in an operator's browser. */
class AdminGuardTest {
    private static RestService service;

    @BeforeAll
    static void start() throws Exception {
        service = RestService.over(new MapStore());
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "127.0.0.1",
                "127.0.0.1:3002",
                "10.1.2.3:80",
                "[::1]:3002",
                "localhost",
                "LOCALHOST:1",
                RestService.ADMIN_HOST,
                "ADMIN.example:3002"
            })
    void aKnownHostIsAnswered(String host) throws Exception {
        assertEquals(200, ask("GET", "/metrics", host).statusCode());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "evil.example",
                "evil.example:3002",
                "127.0.0.1.evil.example",
                "localhost.evil.example",
                "0x7f.1",
                "x." + RestService.ADMIN_HOST
            })
    void anUnknownHostIsRefusedOnEveryPath(String host) throws Exception {
        for (String path :
                new String[] {"/", "/metrics", "/healthcheck", "/threads", "/tasks", "/decisions/a", "/no"}) {
            HttpResponse<String> answer = ask("GET", path, host, "X-Forwarded-Host", "localhost");

            assertProblem(421, "adminHosts (ADMIN_HOSTS)", answer);
        }
        assertProblem(421, "adminHosts", ask("POST", "/tasks/log-level?logger=a&level=DEBUG", host));
    }

    @ParameterizedTest
    @CsvSource({
        "Origin, http://evil.example",
        "Origin, null",
        "Origin, http://127.0.0.1:3003",
        "Origin, ''",
        "Origin, file://",
        "Sec-Fetch-Site, cross-site",
        "Sec-Fetch-Site, same-site"
    })
    void aForeignOriginIsRefusedOnEveryPathAndChangesNothing(String name, String value) throws Exception {
        String change = "/tasks/log-level?logger=some.library&level=ERROR";

        assertProblem(403, "another origin", ask("POST", change, "127.0.0.1:3002", name, value));
        assertProblem(403, "another origin", ask("GET", "/metrics", "127.0.0.1:3002", name, value));
        assertProblem(403, "another origin", ask("OPTIONS", "/healthcheck", "127.0.0.1:3002", name, value));
        assertEquals(null, ((Logger) LoggerFactory.getLogger("some.library")).getLevel());
    }

    @ParameterizedTest
    @CsvSource({
        "Origin, http://127.0.0.1:3002",
        "Origin, https://127.0.0.1:3002",
        "Sec-Fetch-Site, same-origin",
        "Sec-Fetch-Site, none"
    })
    void aPageOfTheAdminPortItselfIsAnswered(String name, String value) throws Exception {
        assertEquals(200, ask("GET", "/metrics", "127.0.0.1:3002", name, value).statusCode());
    }

    private static HttpResponse<String> ask(String method, String path, String host, String... headers)
            throws Exception {
        try (RawConnection connection = RawConnection.to(service.adminPort(), host, method, path, headers)) {
            return connection.answer();
        }
    }

    private static void assertProblem(int status, String part, HttpResponse<String> answer) {
        assertEquals(status, answer.statusCode());
        assertEquals("application/problem+json", header(answer, "Content-Type"));
        assertEquals("no-store", header(answer, "Cache-Control"));
        assertTrue(answer.body().contains(part), answer::body);
    }
}
