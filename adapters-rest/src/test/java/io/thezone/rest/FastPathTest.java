package io.thezone.rest;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.google.common.base.Splitter;
import io.thezone.gateway.testing.MapStore;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The fast path gives ordinary requests the same answers as Jersey. */
class FastPathTest {
    private static final String STARTED = "started";

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
    @CsvSource(
            delimiter = '|',
            value = {
                "GET | /watch | new | '' | 200",
                "GET | /w%61tch/ | new | '' | 200",
                "GET | /watch?a=b | new | Accept: application/json | 200",
                "GET | /watch | new | Stream-Id: mine | 200",
                "GET | /watch | new | Stream-Id: two words | 400",
                "GET | /watch | new | Stream-Plan: none such | 400",
                "GET | /watch | new | Stream-Limit: 101 | 400",
                "GET | /watch | full | Stream-Limit: 4 | 200",
                "GET | /watch | '' | '' | 400",
                "GET | /watch | '' | Accept: application/json | 400",
                "GET | /watch | twice | '' | 400",
                "GET | /watch | full | '' | 401",
                "GET | /watch | full | Accept: application/json | 401",
                "GET | /watch | full | Stream-Id: started | 200",
                "POST | /streams/started/heartbeat | full | '' | 200",
                "POST | /streams/started/heartbeat | full | Content-Type: not to be read; | 200",
                "POST | /streams/started/heartbeat | full | Stream-Limit: 7 | 200",
                "POST | /streams/started/heartbeat | full | Stream-Limit: seven | 400",
                "POST | /streams/st%61rted/heartbeat | full | '' | 200",
                "POST | /streams/never/heartbeat | full | '' | 410",
                "POST | /streams/some+thing/heartbeat | full | '' | 400",
                "POST | /streams/started/heartbeat | '' | '' | 400",
                "POST | /streams | new | '' | 201",
                "POST | /streams | new | Stream-Id: mine | 201",
                "POST | /streams | new | Idempotency-Key: k | 201",
                "POST | /streams | new | Stream-Plan: none such | 400",
                "POST | /streams | new | Accept: application/json | 201",
                "POST | /streams | full | Stream-Id: started | 200",
                "POST | /streams | full | '' | 409",
                "POST | /streams | '' | '' | 400",
                "PUT | /streams/mine | new | '' | 201",
                "PUT | /streams/m%69ne/ | new | '' | 201",
                "PUT | /streams/started | full | '' | 200",
                "PUT | /streams/fourth | full | '' | 409",
                "PUT | /streams/two%20words | new | '' | 400",
                "DELETE | /streams/started | full | '' | 204",
                "DELETE | /streams/started?as=stopped | full | '' | 204",
                "DELETE | /streams/started?a=b&as=released | full | '' | 204",
                "DELETE | /streams/started?as | full | '' | 400",
                "DELETE | /streams/started?as=evicted | full | '' | 400",
                "DELETE | /streams/started?as=stopped&as=stopped | full | '' | 400",
                "DELETE | /streams/started | '' | '' | 400",
                "POST | /streams/started/release | full | '' | 204",
                "POST | /streams/never/release | new | '' | 204",
                "POST | /streams/started/release | full | Content-Type: text/plain;charset=UTF-8 | 204",
                "POST | /streams/started/release?as=stopped | full | '' | 204",
                "POST | /streams/started/release?as=evicted | full | '' | 400",
                "POST | /streams/two%20words/release | full | '' | 400",
                "POST | /streams/started/release | '' | '' | 400",
                "DELETE | /streams | new | Idempotency-Key: k | 204",
                "DELETE | /streams | new | '' | 400",
                "GET | /streams | full | '' | 200",
                "GET | /streams | full | Stream-Limit: 7 | 200",
                "GET | /streams | new | Accept: application/json | 200",
                "GET | /streams | '' | '' | 400",
            })
    void theAnswerIsTheSameByFastPathAndJersey(String method, String path, String session, String header, int status)
            throws Exception {
        assertSameByEitherWay(method, path, session, header, "", status);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "POST | /streams | Content-Type: application/json | {\"device\":{\"type\":\"tv\"},\"custom\":{\"a\":\"ü\"}} | 201",
                "POST | /streams | content-type: application/json;charset=utf-8 | {\"profile\":\"kids\"} | 201",
                "PUT | /streams/mine | Content-Type: application/json | {\"replaces\":[\"other\"]} | 201",
                "PUT | /streams/mine | Content-Type: application/* | {} | 201",
                "POST | /streams | Content-Type: text/plain;charset=UTF-8 | {\"profile\":\"kids\"} | 201",
                "POST | /streams | Content-Type: text/plain | a=b | 400",
                "PUT | /streams/mine | Content-Type: text/plain | {} | 415",
                "POST | /streams | Content-Type: a, | {} | 415",
                "POST | /streams | '' | {} | 415",
                "POST | /streams | Content-Type: application/json | { | 400",
                "POST | /streams | Content-Type: application/json | [] | 400",
                "POST | /streams | Content-Type: application/json | {\"colour\":\"red\"} | 400",
                "POST | /streams | Content-Type: application/x-www-form-urlencoded | a=b | 415",
                "POST | /cmcd | Content-Type: application/cmcd | e=t,sid=\"a\",ts=1 | 204",
                "POST | /cmcd | Content-Type: text/plain;charset=UTF-8 | e=t,sid=\"a\",ts=1 | 204",
                "POST | /cmcd | Content-Type: application/cmcd | e=t | 400",
                "POST | /cmcd | Content-Type: application/json | e=t,sid=\"a\",ts=1 | 415",
                "POST | /cmcd | '' | e=t,sid=\"a\",ts=1 | 415",
            })
    void theAnswerToABodyIsTheSameByFastPathAndJersey(
            String method, String path, String header, String body, int status) throws Exception {
        assertSameByEitherWay(method, path, "new", header, body, status);
    }

    /** Sends a request to Jersey by an Accept with a quality, which the fast path does not take. */
    private static void assertSameByEitherWay(
            String method, String path, String session, String header, String body, int status) throws Exception {
        List<String> ordinary = headers(session, header);
        int seen = service.seenByJersey();
        Map<String, String> fast = ask(method, path, body, ordinary);
        assertEquals(seen, service.seenByJersey());

        List<String> odd = headers(session, header);
        int accept = odd.indexOf("Accept");
        if (accept < 0) {
            odd.addAll(List.of("Accept", "*/*;q=0.9"));
        } else {
            odd.set(accept + 1, odd.get(accept + 1) + ";q=0.9");
        }
        Map<String, String> slow = ask(method, path, body, odd);
        assertEquals(seen + 1, service.seenByJersey());

        assertEquals(slow, fast);
        assertEquals(Integer.toString(status), fast.get("status"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "HEAD /watch",
                "POST /watch",
                "GET /streams/started/heartbeat",
                "GET /streams/started/release",
                "GET /openapi.yaml",
                "POST /streams/heartbeat",
                "POST /streams/started/once/heartbeat",
                "DELETE /streams/started?as=%73topped",
                "PUT /streams",
                "PATCH /streams/started",
                "GET /streams/started",
                "HEAD /streams",
            })
    void otherRequestsAreLeftToJersey(String request) throws Exception {
        List<String> parts = Splitter.on(' ').splitToList(request);
        int seen = service.seenByJersey();
        ask(parts.get(0), parts.get(1), "", headers("new", ""));
        assertEquals(seen + 1, service.seenByJersey());
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

    /** @return status, headers and body, without the parts that differ each time */
    private static Map<String, String> ask(String method, String path, String body, List<String> headers)
            throws Exception {
        HttpResponse<String> answer = service.send(method, path, body, headers.toArray(String[]::new));
        Map<String, String> all = answer.headers().map().entrySet().stream()
                .collect(Collectors.toMap(
                        Map.Entry::getKey, it -> stable(it.getValue().toString()), (a, b) -> a, TreeMap::new));
        all.remove("date");
        all.put("status", Integer.toString(answer.statusCode()));
        all.put("body", stable(answer.body()));
        return all;
    }

    private static String stable(String text) {
        return text.replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}|[0-9a-f]{64}", "<id>")
                .replaceAll("\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z", "<time>");
    }
}
