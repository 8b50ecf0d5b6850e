package io.thezone.grpc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.stream.Collectors.toMap;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.io.Closer;
import com.google.protobuf.ByteString;
import io.envoyproxy.envoy.config.core.v3.HeaderMap;
import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.config.core.v3.HeaderValueOption;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext.HttpRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckRequest;
import io.envoyproxy.envoy.service.auth.v3.CheckResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.thezone.application.SessionStore;
import io.thezone.application.SessionTransition;
import io.thezone.domain.SessionId;
import io.thezone.gateway.Refusal;
import io.thezone.gateway.testing.FailingStore;
import io.thezone.gateway.testing.MapStore;
import java.net.InetAddress;
import java.net.Socket;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What Envoy is answered that asks over gRPC, by a client that speaks it. */
class EnvoyAuthorizationTest {
    private static GrpcService service;

    private final String session = "session-" + UUID.randomUUID();

    @BeforeAll
    static void start() throws Exception {
        service = new GrpcService(new MapStore());
    }

    @AfterAll
    static void stop() throws Exception {
        service.close();
    }

    @Test
    void aStreamIsAllowedAndItsViewerSeesItsLease() {
        CheckResponse answer = ask("/play/one/movie/1.ts");

        assertEquals(Status.Code.OK.value(), answer.getStatus().getCode());
        Map<String, String> headers = headers(answer.getOkResponse().getResponseHeadersToAddList());
        assertEquals("admitted", headers.get("Stream-Reason"));
        assertEquals("one", headers.get("Stream-Id"));
        assertEquals("30", headers.get("Stream-Heartbeat"));
        assertTrue(headers.getOrDefault("Stream-Expires", "").endsWith("Z"));
        assertEquals(List.of(), answer.getOkResponse().getHeadersList(), "the origin gets none");
        assertEquals("renewed", reason(ask("/play/one/movie/2.ts")));
    }

    @Test
    void theFourthStreamIsDeniedWithRuleDecisionAndWhenToRetry() {
        fill();

        CheckResponse answer = ask("/play/four/movie/1.ts");

        assertEquals(Status.Code.PERMISSION_DENIED.value(), answer.getStatus().getCode());
        assertEquals(403, answer.getDeniedResponse().getStatus().getCodeValue());
        Map<String, String> headers = headers(answer.getDeniedResponse().getHeadersList());
        assertEquals("full", headers.get("Stream-Reason"));
        assertEquals("limit", headers.get("Stream-Rule"));
        assertEquals("90", headers.get("Retry-After"));
        assertTrue(headers.getOrDefault("Stream-Decision", "").length() > 10);
        assertEquals("no-store", headers.get("Cache-Control"));
        assertEquals("text/plain", headers.get("Content-Type"));
        assertEquals(
                "All streams that the plan allows are in use.",
                answer.getDeniedResponse().getBody());
    }

    @Test
    void manyQuestionsAtOnceAdmitThreeStreams() {
        List<String> reasons = IntStream.range(0, 200)
                .parallel()
                .mapToObj(i -> reason(ask("/play/player-" + i % 20 + "/movie/1.ts")))
                .toList();

        assertEquals(3, reasons.stream().filter("admitted"::equals).count());
        assertEquals(170, reasons.stream().filter("full"::equals).count(), "of the players that are not the three");
    }

    @ParameterizedTest
    @CsvSource({
        "'',            no-session",
        "(null),        unusable-session",
        "'a,b',         unusable-session",
    })
    void withoutAUsableSessionTheViewerIsAskedToSignIn(String value, String reason) {
        CheckResponse answer = ask(http("GET", "/play/one/").putHeaders("session-id", value));

        assertEquals(reason, reason(answer));
        assertEquals(Status.Code.UNAUTHENTICATED.value(), answer.getStatus().getCode());
        assertEquals(401, answer.getDeniedResponse().getStatus().getCodeValue());
        assertEquals(
                "Session realm=\"streams\"",
                headers(answer.getDeniedResponse().getHeadersList()).get("WWW-Authenticate"));
    }

    @Test
    void aQuestionThatIsNotAboutHttpIsDenied() {
        assertEquals("no-session", reason(service.ask(CheckRequest.getDefaultInstance())));
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "OPTIONS"})
    void aMethodBeforePlayingIsNotCounted(String method) {
        for (String player : List.of("one", "two", "three", "four")) {
            assertEquals(
                    "not-counted",
                    reason(ask(http(method, "/play/" + player + "/").putHeaders("session-id", session))));
        }
        fill();
    }

    @Test
    void headersThatNameMethodAndUriOverHttpAreTheViewersOwnHere() {
        fill();

        assertEquals(
                "full",
                reason(ask(http("GET", "/play/four/")
                        .putHeaders("session-id", session)
                        .putHeaders("viewer-method", "HEAD")
                        .putHeaders("viewer-uri", "/play/one/"))));
    }

    @Test
    void aStreamIsIdentifiedByHeadersCookiesAndQueryToo() {
        assertEquals("admitted", reason(ask(http("GET", "/x?player=p").putHeaders("cookie", "a=b; sid=" + session))));
        assertEquals(
                "renewed",
                reason(ask(http("GET", "/x").putHeaders("session-id", session).putHeaders("stream-id", "p"))));
    }

    @Test
    void headersThatEnvoySendsOneByOneCountToo() {
        assertEquals("admitted", reason(ask(raw("Session-Id", session, "Stream-Id", "one"))));
        assertEquals("renewed", reason(ask("/play/one/")));
        assertEquals(
                "unusable-session",
                reason(ask(raw("session-id", session, "session-id", "another", "stream-id", "one"))));
    }

    @ParameterizedTest
    @ValueSource(strings = {FailingStore.OVERLOADED, FailingStore.UNAVAILABLE, FailingStore.BROKEN})
    void whatCannotBeDecidedIsDenied(String kind) throws Exception {
        try (GrpcService failing = new GrpcService(new FailingStore())) {
            CheckResponse answer =
                    failing.ask(question(http("GET", "/play/one/").putHeaders("session-id", kind + session)));

            assertEquals("no-decision", reason(answer));
            assertEquals(Status.Code.UNAVAILABLE.value(), answer.getStatus().getCode());
            assertEquals(503, answer.getDeniedResponse().getStatus().getCodeValue());
            assertEquals(
                    "1", headers(answer.getDeniedResponse().getHeadersList()).get("Retry-After"));
        }
    }

    @Test
    void aGatewayThatStopsWaitingDisturbsNobody() throws Exception {
        StoreThatWaits store = new StoreThatWaits();
        try (GrpcService waiting = new GrpcService(store)) {
            CheckRequest question = question(http("GET", "/play/one/").putHeaders("session-id", session));

            StatusRuntimeException impatient =
                    assertThrows(StatusRuntimeException.class, () -> waiting.within(200, TimeUnit.MILLISECONDS)
                            .check(question));
            store.goOn.complete(null);

            assertEquals(Status.Code.DEADLINE_EXCEEDED, impatient.getStatus().getCode());
            assertEquals("renewed", reason(waiting.ask(question)), "it was admitted meanwhile");
        }
    }

    @Test
    void aQuestionThatIsTooLargeIsRefusedByItself() {
        StatusRuntimeException refused = assertThrows(
                StatusRuntimeException.class,
                () -> ask(http("GET", "/").putHeaders("session-id", session).setBody("x".repeat(300_000))));

        assertEquals(Status.Code.RESOURCE_EXHAUSTED, refused.getStatus().getCode());
        assertEquals("admitted", reason(ask("/play/one/")));
    }

    @Test
    void theGateSeesEveryCallBeforeItIsDecided() throws Exception {
        MapStore store = new MapStore();
        try (GrpcService guarded = new GrpcService(store, head -> {
                    assertEquals("POST /envoy.service.auth.v3.Authorization/Check", head.method() + " " + head.path());
                    assertEquals("127.0.0.1", head.peer());
                    return head.headers().get("Authorization").contains("Bearer good")
                            ? Optional.empty()
                            : Optional.of(new Refusal(Refusal.Kind.FORBIDDEN, "Not this one."));
                });
                GrpcService open = new GrpcService(store)) {
            CheckRequest question = question(http("GET", "/play/one/").putHeaders("session-id", session));

            StatusRuntimeException refused = assertThrows(StatusRuntimeException.class, () -> guarded.ask(question));

            assertEquals(Status.Code.PERMISSION_DENIED, refused.getStatus().getCode());
            assertEquals("Not this one.", refused.getStatus().getDescription());
            assertEquals("admitted", reason(open.ask(question)), "nothing was decided");
            assertEquals(
                    "renewed",
                    reason(guarded.with("Authorization", "Bearer good").check(question)));
        }
    }

    @Test
    void whatIsNoCallOfGrpcEndsWithoutAnAnswer() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), service.port())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("GET / HTTP/1.1\r\nHost: thezone\r\n\r\n".getBytes(US_ASCII));

            String answer = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);

            assertFalse(answer.contains("<"), answer);
        }
        assertEquals("admitted", reason(ask("/play/one/")));
    }

    @Test
    void aConnectionBeyondTheLimitIsClosedAtOnceAndTheOthersGoOn() throws Exception {
        try (GrpcService limited = new GrpcService(new MapStore());
                Closer opened = Closer.create()) {
            CheckRequest question = question(http("GET", "/play/one/").putHeaders("session-id", session));
            assertEquals("admitted", reason(limited.ask(question)));
            for (int i = 1; i < GrpcService.CONNECTIONS; i++) {
                opened.register(new Socket(InetAddress.getLoopbackAddress(), limited.port()));
            }

            for (int i = 0; i < 20; i++) {
                Socket surplus = opened.register(new Socket(InetAddress.getLoopbackAddress(), limited.port()));
                surplus.setSoTimeout(3_000);
                assertEquals(-1, surplus.getInputStream().read());
            }

            assertEquals("renewed", reason(limited.ask(question)));
        }
    }

    private void fill() {
        for (String player : List.of("one", "two", "three")) {
            assertEquals("admitted", reason(ask("/play/" + player + "/")));
        }
    }

    private CheckResponse ask(String path) {
        return ask(http("GET", path).putHeaders("session-id", session));
    }

    private static CheckResponse ask(HttpRequest.Builder request) {
        return service.ask(question(request));
    }

    private static HttpRequest.Builder http(String method, String path) {
        return HttpRequest.newBuilder().setMethod(method).setPath(path);
    }

    private static HttpRequest.Builder raw(String... headers) {
        HeaderMap.Builder map = HeaderMap.newBuilder();
        for (int i = 0; i < headers.length; i += 2) {
            map.addHeaders(
                    HeaderValue.newBuilder().setKey(headers[i]).setRawValue(ByteString.copyFromUtf8(headers[i + 1])));
        }
        return http("GET", "/").setHeaderMap(map);
    }

    private static CheckRequest question(HttpRequest.Builder request) {
        return CheckRequest.newBuilder()
                .setAttributes(AttributeContext.newBuilder()
                        .setRequest(AttributeContext.Request.newBuilder().setHttp(request)))
                .build();
    }

    private static String reason(CheckResponse answer) {
        return headers(Stream.concat(
                                answer.getOkResponse().getResponseHeadersToAddList().stream(),
                                answer.getDeniedResponse().getHeadersList().stream())
                        .toList())
                .getOrDefault("Stream-Reason", "");
    }

    private static Map<String, String> headers(List<HeaderValueOption> options) {
        return options.stream()
                .map(HeaderValueOption::getHeader)
                .collect(toMap(HeaderValue::getKey, HeaderValue::getValue));
    }

    /** Decides at once, and answers when it may go on. */
    private static final class StoreThatWaits implements SessionStore {
        private final CompletableFuture<Void> goOn = new CompletableFuture<>();
        private final SessionStore store = new MapStore();

        @Override
        public <R> CompletionStage<R> update(SessionId id, SessionTransition<R> transition) {
            CompletionStage<R> decided = store.update(id, transition);
            return goOn.thenCompose(nothing -> decided);
        }
    }
}
