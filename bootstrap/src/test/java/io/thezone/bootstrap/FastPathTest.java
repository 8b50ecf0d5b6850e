package io.thezone.bootstrap;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.base.Splitter;
import io.dropwizard.core.Application;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.testing.ConfigOverride;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.PreMatching;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The ordinary requests of the busy routes get past Jersey what they would get from it. */
class FastPathTest {
    private static final String STARTED = "started";

    private static final AtomicInteger SEEN_BY_JERSEY = new AtomicInteger();

    private static RunningService service;

    /** Counts what reaches Jersey. */
    public static final class CountingService extends Application<StreamServiceConfiguration> {
        private final StreamServiceApplication service = new StreamServiceApplication();

        @Override
        public void initialize(Bootstrap<StreamServiceConfiguration> bootstrap) {
            service.initialize(bootstrap);
        }

        @Override
        public void run(StreamServiceConfiguration configuration, Environment environment) throws Exception {
            service.run(configuration, environment);
            environment.jersey().register(new Counter());
        }
    }

    @PreMatching
    private static final class Counter implements ContainerRequestFilter {
        @Override
        public void filter(ContainerRequestContext request) {
            SEEN_BY_JERSEY.incrementAndGet();
        }
    }

    @BeforeAll
    static void start() throws Exception {
        service = RunningService.start(
                        CountingService.class,
                        ConfigOverride.config("store.type", "memory"),
                        ConfigOverride.config("cache.type", "none"))
                .up();
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "GET | /watch | new | '' | 200",
                "GET | /w%61tch/ | new | '' | 200",
                "GET | /watch?a=b | new | Accept: application/json | 200",
                "GET | /watch | new | Stream-Id: mine | 200",
                "GET | /watch | new | Stream-Id: two words | 400",
                "GET | /watch | new | Stream-Plan: none such | 400",
                "GET | /watch | '' | '' | 400",
                "GET | /watch | '' | Accept: application/json | 400",
                "GET | /watch | twice | '' | 400",
                "GET | /watch | full | '' | 401",
                "GET | /watch | full | Accept: application/json | 401",
                "GET | /watch | full | Stream-Id: started | 200",
                "POST | /streams/started/heartbeat | full | '' | 200",
                "POST | /streams/started/heartbeat | full | Content-Type: not to be read; | 200",
                "POST | /streams/st%61rted/heartbeat | full | '' | 200",
                "POST | /streams/never/heartbeat | full | '' | 410",
                "POST | /streams/some+thing/heartbeat | full | '' | 400",
                "POST | /streams/started/heartbeat | '' | '' | 400",
            })
    void theAnswerIsTheSameByEitherWay(String method, String path, String session, String header, int status)
            throws Exception {
        List<String> ordinary = headers(session, header);
        int seen = SEEN_BY_JERSEY.get();
        Map<String, String> fast = ask(method, path, ordinary);
        assertEquals(seen, SEEN_BY_JERSEY.get());

        List<String> odd = headers(session, header);
        int accept = odd.indexOf("Accept");
        if (accept < 0) {
            odd.addAll(List.of("Accept", "*/*;q=0.9"));
        } else {
            odd.set(accept + 1, odd.get(accept + 1) + ";q=0.9");
        }
        Map<String, String> slow = ask(method, path, odd);
        assertEquals(seen + 1, SEEN_BY_JERSEY.get());

        assertEquals(slow, fast);
        assertEquals(Integer.toString(status), fast.get("status"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HEAD /watch",
                "POST /watch",
                "GET /streams/started/heartbeat",
                "GET /openapi.yaml",
                "POST /streams/heartbeat",
                "POST /streams/started/once/heartbeat",
            })
    void whatIsAskedInAnotherWayIsLeftToJersey(String request) throws Exception {
        List<String> parts = Splitter.on(' ').splitToList(request);
        int seen = SEEN_BY_JERSEY.get();
        ask(parts.get(0), parts.get(1), headers("new", ""));
        assertEquals(seen + 1, SEEN_BY_JERSEY.get());
    }

    private static List<String> headers(String session, String header) throws Exception {
        List<String> headers = new ArrayList<>();
        if (!session.isEmpty()) {
            String id = "session-" + UUID.randomUUID();
            headers.addAll(List.of("Session-Id", id));
            if (session.equals("twice")) {
                headers.addAll(List.of("Session-Id", id));
            } else if (session.equals("full")) {
                for (String stream : List.of(STARTED, "second", "third")) {
                    service.get("/watch", "Session-Id", id, "Stream-Id", stream);
                }
            }
        }
        if (!header.isEmpty()) {
            headers.addAll(Splitter.on(": ").limit(2).splitToList(header));
        }
        return headers;
    }

    /** All of the answer, but for what differs each time. */
    private static Map<String, String> ask(String method, String path, List<String> headers) throws Exception {
        HttpResponse<String> answer = service.send(method, path, "", headers.toArray(String[]::new));
        Map<String, String> all = answer.headers().map().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, it -> stable(it.getValue().toString()), (a, b) -> a, TreeMap::new));
        all.remove("date");
        all.put("status", Integer.toString(answer.statusCode()));
        all.put("body", stable(answer.body()));
        return all;
    }

    private static String stable(String text) {
        return text.replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "<id>")
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z", "<time>");
    }
}
