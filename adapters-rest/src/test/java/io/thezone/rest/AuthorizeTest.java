package io.thezone.rest;

import static io.thezone.rest.testing.HttpService.header;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.gateway.testing.FailingStore;
import io.thezone.gateway.testing.MapStore;
import io.thezone.rest.testing.RawConnection;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.util.UUID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a gateway is answered that asks whether it may pass a viewer's request on. */
class AuthorizeTest {
    private static RestService service;

    private final String session = "session-" + UUID.randomUUID();

    @BeforeAll
    static void start() throws Exception {
        service = RestService.over(new MapStore());
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @Test
    void aStreamIsAllowedWithAllThatAGatewayNeedsInHeaders() throws Exception {
        HttpResponse<String> answer = ask("/authorize", "Stream-Id", "one");

        assertEquals(200, answer.statusCode());
        assertEquals("", answer.body());
        assertEquals("admitted", header(answer, "Stream-Reason"));
        assertEquals("one", header(answer, "Stream-Id"));
        assertEquals("30", header(answer, "Stream-Heartbeat"));
        assertEquals("no-store", header(answer, "Cache-Control"));
        assertTrue(header(answer, "Stream-Expires").endsWith("Z"));
        assertEquals("renewed", reason("/authorize", "Stream-Id", "one"));
    }

    @Test
    void aFullSessionIsDeniedWithRuleDecisionAndWhenToRetry() throws Exception {
        fill();

        HttpResponse<String> answer = ask("/authorize", "Stream-Id", "fourth");

        assertEquals(403, answer.statusCode());
        assertEquals("full", header(answer, "Stream-Reason"));
        assertEquals("limit", header(answer, "Stream-Rule"));
        assertEquals("90", header(answer, "Retry-After"));
        assertEquals("fourth", header(answer, "Stream-Id"));
        assertTrue(header(answer, "Stream-Decision").length() > 10);
        assertEquals("Exceeded watch limit.", answer.body());
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "OPTIONS"})
    void aMethodBeforePlayingIsNotCounted(String method) throws Exception {
        assertEquals("not-counted", header(send(method, "/authorize/x"), "Stream-Reason"));
        assertEquals("not-counted", reason("/authorize/x", "Viewer-Method", method));
        assertEquals(401, service.send(method, "/authorize/x", "").statusCode());

        assertEquals("{\"active\":0,\"limit\":3,\"streams\":[]}", list());
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "POST", "PUT", "PATCH", "DELETE", "PROPFIND"})
    void everyOtherMethodIsDecidedAndNoBodyIsAwaited(String method) throws Exception {
        try (RawConnection connection = new RawConnection(
                service.port(),
                method,
                "/authorize",
                "Session-Id",
                session,
                "Stream-Id",
                "one",
                "Content-Length",
                "1000000",
                "Expect",
                "100-continue",
                "Accept",
                "image/png")) {
            HttpResponse<String> answer = connection.answer();

            assertEquals(200, answer.statusCode());
            assertEquals("admitted", header(answer, "Stream-Reason"));
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Stream-Id,      fromHeader, ''",
        "Cookie,         'a=b; player=fromCookie; c=d', ''",
        "Cookie,         'player=\"fromQuotedCookie\"', ''",
        "Session-Id2,    none, '/x?a=b&player=fromQuery'",
        "Session-Id2,    none, '/x?pl%61yer=from%51uery'",
        "Session-Id2,    none, /movie/p/fromGroup/segment-7.ts",
        "CMCD-Session,   'cid=\"c,sid=\\\"no\\\"\",sid=\"fromCmcd\",st=v', ''",
        "Session-Id2,    none, '/x?CMCD=br%3D3%2Csid%3D%22fromCmcdInQuery%22'",
    })
    void aStreamIdIsFoundInEachPlace(String header, String value, String below) throws Exception {
        HttpResponse<String> answer = ask("/authorize" + below, header, value);

        assertEquals("admitted", header(answer, "Stream-Reason"));
        assertTrue(header(answer, "Stream-Id").startsWith("from"), () -> header(answer, "Stream-Id"));
    }

    @Test
    void aDeviceAndAnAssetAreOneStream() throws Exception {
        String tv = header(ask("/authorize/movie/p/", "Device-Id", "tv"), "Stream-Id");

        assertEquals(tv, header(ask("/authorize/movie/p/?x", "Device-Id", "tv"), "Stream-Id"));
        assertNotEquals(tv, header(ask("/authorize/movie/p/", "Device-Id", "phone"), "Stream-Id"));
        assertNotEquals(tv, header(ask("/authorize/series/p/", "Device-Id", "tv"), "Stream-Id"));
        assertEquals("full", reason("/authorize/news/p/", "Device-Id", "tv"));
    }

    @Test
    void withoutStreamAndDeviceNothingIsAllowed() throws Exception {
        for (String device : new String[] {"", "-", "(null)", "${device}"}) {
            assertEquals("no-stream-identity", reason("/authorize", "Device-Id", device));
        }
        assertEquals("{\"active\":0,\"limit\":3,\"streams\":[]}", list());
    }

    @Test
    void theSessionMayStandInACookie() throws Exception {
        HttpResponse<String> answer = service.get("/authorize", "Cookie", "x=y; sid=" + session, "Stream-Id", "one");

        assertEquals("admitted", header(answer, "Stream-Reason"));
        assertTrue(list().contains("\"one\""));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{http.request.cookie.sid}",
                "${sid}",
                "$cookie_sid",
                "%[req.cook(sid)]",
                "%{SID}e",
                "%REQ(sid)%",
                "(null)",
                "null",
                "undefined",
                "-"
            })
    void aPlaceholderIsNoSessionOnAnyRoute(String placeholder) throws Exception {
        HttpResponse<String> answer = service.get("/authorize", "Session-Id", placeholder, "Stream-Id", "one");

        assertEquals(401, answer.statusCode());
        assertEquals("unusable-session", header(answer, "Stream-Reason"));
        assertEquals("Session realm=\"streams\"", header(answer, "WWW-Authenticate"));
        assertEquals(400, service.get("/watch", "Session-Id", placeholder).statusCode());
        assertEquals(400, service.get("/streams", "Session-Id", placeholder).statusCode());
    }

    @Test
    void noSessionIsToldFromAnUnusableOne() throws Exception {
        assertEquals("no-session", header(service.get("/authorize"), "Stream-Reason"));
        assertEquals("no-session", header(service.get("/authorize", "Session-Id", ""), "Stream-Reason"));
        assertEquals(
                "unusable-session",
                header(service.get("/authorize", "Session-Id", "one", "Session-Id", "two"), "Stream-Reason"));
        assertEquals(
                "unusable-session", header(service.get("/authorize", "Cookie", "sid=one; sid=two"), "Stream-Reason"));
        assertEquals("unusable-session", header(service.get("/authorize", "Session-Id", "a b"), "Stream-Reason"));
    }

    @Test
    void anUnusableValueIsDenied() throws Exception {
        assertEquals("unusable-value", reason("/authorize", "Stream-Id", "a/b"));
        assertEquals("unusable-value", reason("/authorize", "Stream-Id", "one", "Stream-Id", "two"));
        assertEquals("unusable-value", reason("/authorize", "Device-Id", "x".repeat(257)));
    }

    @Test
    void anUnknownPlanIsDenied() throws Exception {
        assertEquals("unknown-plan", reason("/authorize", "Stream-Id", "one", "Stream-Plan", "gold"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"//x", "/%2Fx", "/a/../b", "/;a=b", "/%C0%80", "/a%5Cb", "?", "/x?%zz", "/.", "/\"x"})
    void everyUriThatAViewerCanSendIsDecided(String below) throws Exception {
        try (RawConnection connection = new RawConnection(
                service.port(), "GET", "/authorize" + below, "Session-Id", session, "Stream-Id", "one")) {
            assertEquals("admitted", header(connection.answer(), "Stream-Reason"), below);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/watch//x", "/streams/%2Fx", "/%zz", "/authorized//x", "//authorize"})
    void otherRoutesAreAsStrictAsBefore(String path) throws Exception {
        try (RawConnection connection = new RawConnection(service.port(), "GET", path, "Session-Id", session)) {
            assertEquals(400, connection.answer().statusCode(), path);
        }
    }

    @Test
    void aLateSegmentDoesNotTakeTheSlotAgain() throws Exception {
        ask("/authorize", "Stream-Id", "one");
        assertEquals(
                204,
                service.send("DELETE", "/streams/one", "", "Session-Id", session)
                        .statusCode());

        HttpResponse<String> answer = ask("/authorize", "Stream-Id", "one");

        assertEquals(403, answer.statusCode());
        assertEquals("ended", header(answer, "Stream-Reason"));
        assertEquals("60", header(answer, "Retry-After"));
        assertEquals("{\"active\":0,\"limit\":3,\"streams\":[]}", list());
    }

    @Test
    void aStreamThatMayNotStartAgainHasNoTimeForARetry() throws Exception {
        ask("/authorize", "Stream-Id", "one");
        assertEquals(
                204,
                service.send("DELETE", "/streams/one?as=stopped", "", "Session-Id", session)
                        .statusCode());

        HttpResponse<String> answer = ask("/authorize", "Stream-Id", "one");

        assertEquals("ended", header(answer, "Stream-Reason"));
        assertEquals("", header(answer, "Retry-After"));
    }

    @Test
    void aQuestionThatKnowsLessChangesNothing() throws Exception {
        ask("/authorize/movie/p/one", "Device-Id", "tv");
        String listed = list();
        assertTrue(listed.contains("movie") && listed.contains("tv"), listed);

        assertEquals("renewed", reason("/authorize", "Stream-Id", "one"));
        assertEquals("renewed", reason("/authorize", "Stream-Id", "one", "Device-Id", "tv"));
        assertEquals(listed, list());

        assertEquals("renewed", reason("/authorize", "Stream-Id", "one", "Device-Id", "phone"));
        assertTrue(list().contains("movie") && list().contains("phone"), list());
    }

    @Test
    void aBodyStillReplacesAllAttributes() throws Exception {
        ask("/authorize/movie/p/one", "Device-Id", "tv");

        service.send(
                "PUT",
                "/streams/one",
                "{\"device\":{\"id\":\"phone\"}}",
                "Session-Id",
                session,
                "Content-Type",
                "application/json");

        assertTrue(list().contains("phone") && !list().contains("movie"), list());
    }

    @ParameterizedTest
    @ValueSource(strings = {"/authorize/%zz", "/authorize/%C0%80%z", "/authorize/../../.."})
    void aQuestionThatIsNoHttpSaysSoInItsReason(String path) throws Exception {
        try (RawConnection connection =
                new RawConnection(service.port(), "GET", path, "Session-Id", session, "Stream-Id", "one")) {
            HttpResponse<String> answer = connection.answer();

            assertEquals(400, answer.statusCode());
            assertEquals("unusable-request", header(answer, "Stream-Reason"));
        }
    }

    @Test
    void headersThatAreTooLargeAreAReasonToo() throws Exception {
        HttpResponse<String> answer = ask("/authorize", "Cookie", "a=" + "x".repeat(33_000));

        assertEquals(431, answer.statusCode());
        assertEquals("unusable-request", header(answer, "Stream-Reason"));
    }

    @Test
    void otherAnswersHaveNoReason() throws Exception {
        assertEquals("", header(service.get("/watch"), "Stream-Reason"));
        assertEquals("", header(service.get("/nothing"), "Stream-Reason"));
        assertEquals("", header(service.admin("/nothing"), "Stream-Reason"));
    }

    @Test
    void withoutAStoreNothingIsAllowed() throws Exception {
        try (RestService unlucky = RestService.over(new FailingStore())) {
            HttpResponse<String> answer =
                    unlucky.get("/authorize", "Session-Id", FailingStore.OVERLOADED + session, "Stream-Id", "one");

            assertEquals(403, answer.statusCode());
            assertEquals("no-decision", header(answer, "Stream-Reason"));
            assertEquals("1", header(answer, "Retry-After"));
            assertEquals("one", header(answer, "Stream-Id"));
        }
    }

    private void fill() throws Exception {
        for (String stream : new String[] {"one", "two", "three"}) {
            assertEquals("admitted", reason("/authorize", "Stream-Id", stream));
        }
    }

    private String list() throws IOException, InterruptedException {
        return service.get("/streams", "Session-Id", session).body();
    }

    private String reason(String path, String... headers) throws IOException, InterruptedException {
        return header(ask(path, headers), "Stream-Reason");
    }

    private HttpResponse<String> ask(String path, String... headers) throws IOException, InterruptedException {
        return send("GET", path, headers);
    }

    private HttpResponse<String> send(String method, String path, String... headers)
            throws IOException, InterruptedException {
        String[] all = new String[headers.length + 2];
        all[0] = "Session-Id";
        all[1] = session;
        System.arraycopy(headers, 0, all, 2, headers.length);
        return service.send(method, path, "", all);
    }
}
