package io.thezone.bootstrap.gateways;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Envoy keeps the method of a viewer, and appends path and query to a prefix. */
class EnvoyFilesTest extends QuestionCases {
    private static final String EXT_AUTHZ = "envoy.filters.http.ext_authz";

    private JsonNode connections;
    private JsonNode question;
    private JsonNode thezone;

    EnvoyFilesTest() {
        super("envoy");
    }

    @BeforeAll
    void read() throws IOException {
        JsonNode envoy = file("envoy.yaml");
        connections = envoy.at("/static_resources/listeners/0/filter_chains/0/filters/0/typed_config");
        question = connections.at("/http_filters/0/typed_config");
        thezone = envoy.at("/static_resources/clusters/0");
    }

    @Override
    String path(String player, String asset) {
        return "/play/" + player + "/video/" + asset + "/";
    }

    @Override
    Question question(String method, String uri, List<Header> viewers) {
        Set<String> allowed = elements(question.at("/allowed_headers/patterns"))
                .map(pattern -> pattern.get("exact").asText())
                .collect(Collectors.toSet());
        List<Header> headers = new ArrayList<>(only(allowed, viewers));
        headers.addAll(List.of(
                new Header("content-length", "0"),
                new Header("x-envoy-internal", "true"),
                new Header("x-forwarded-for", "127.0.0.1"),
                new Header("x-envoy-expected-rq-timeout-ms", "3000")));
        return new Question(method, question.at("/http_service/path_prefix").asText() + uri, headers);
    }

    @Test
    void thezoneIsAskedFirstAndWhileItIsAwayNothingIsAllowed() {
        assertEquals(EXT_AUTHZ, connections.at("/http_filters/0/name").asText());
        assertEquals(
                "envoy.filters.http.router",
                connections.at("/http_filters/1/name").asText());
        assertEquals("/authorize", question.at("/http_service/path_prefix").asText());
        assertEquals(thezone.get("name"), question.at("/http_service/server_uri/cluster"));
        assertEquals("3s", question.at("/http_service/server_uri/timeout").asText());
        assertFalse(question.get("failure_mode_allow").asBoolean(true));
        assertEquals("ServiceUnavailable", question.at("/status_on_error/code").asText());
    }

    @Test
    void onlyTheCookieOfAViewerDecides() {
        assertEquals(
                "[{\"exact\":\"cookie\",\"ignore_case\":true},{\"exact\":\"accept\",\"ignore_case\":true}]",
                question.at("/allowed_headers/patterns").toString());
    }

    @Test
    void noRouteLeadsToTheOriginWithoutAQuestionAndThezoneKnowsThePathsOfTheOneThatDoes() throws Exception {
        List<String> asked = new ArrayList<>();
        for (JsonNode route : connections.at("/route_config/virtual_hosts/0/routes")) {
            JsonNode unasked = route.path("typed_per_filter_config").path(EXT_AUTHZ);
            if (unasked.path("disabled").asBoolean()) {
                assertTrue(route.has("direct_response"), route::toString);
            } else {
                asked.add(route.at("/match/safe_regex/regex").asText());
            }
        }

        String pattern = file("thezone.yml").at("/authorize/patterns/0").asText();
        assertEquals(List.of(pattern.replaceAll("\\^|\\(\\?P<\\w+>|\\)", "") + ".*"), asked);
    }

    @Test
    void dotsBeforeASemicolonAreRefusedFirst() {
        List<String> statuses = elements(connections.at("/route_config/virtual_hosts/0/routes"))
                .filter(route -> "/play/movie/..;x/1.ts"
                        .matches(route.at("/match/safe_regex/regex").asText("none")))
                .map(route -> route.at("/direct_response/status").asText())
                .toList();

        assertEquals(List.of("400"), statuses);
    }

    @Test
    void overGrpcThePortOfThezoneIsAskedThatSpeaksIt() throws Exception {
        JsonNode envoy = file("envoy.yaml", "grpc");
        JsonNode asked =
                envoy.at("/static_resources/listeners/0/filter_chains/0/filters/0/typed_config/http_filters/0");
        assertEquals(
                "thezone-grpc",
                asked.at("/typed_config/grpc_service/envoy_grpc/cluster_name").asText());
        assertEquals("3s", asked.at("/typed_config/grpc_service/timeout").asText());
        assertEquals("V3", asked.at("/typed_config/transport_api_version").asText());

        JsonNode cluster = envoy.at("/static_resources/clusters/1");
        assertEquals("thezone-grpc", cluster.get("name").asText());
        assertTrue(cluster.at("/typed_extension_protocol_options/envoy.extensions.upstreams.http.v3.HttpProtocolOptions"
                        + "/explicit_http_config")
                .has("http2_protocol_options"));
        assertTrue(file("thezone.yml", "grpc").at("/grpc/enabled").asBoolean());
    }

    @Test
    void pathsAreMadeUniqueBeforeTheQuestion() {
        assertTrue(connections.get("normalize_path").asBoolean());
        assertTrue(connections.get("merge_slashes").asBoolean());
        assertEquals(
                "REJECT_REQUEST",
                connections.get("path_with_escaped_slashes_action").asText());
    }

    private static Stream<JsonNode> elements(JsonNode list) {
        return StreamSupport.stream(list.spliterator(), false);
    }
}
