package io.thezone.rest;

import static java.util.stream.Collectors.toSet;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.gateway.Gate;
import io.thezone.gateway.Refusal;
import io.thezone.gateway.RequestHead;
import io.thezone.gateway.testing.MapStore;
import io.thezone.rest.testing.HttpService;
import io.thezone.rest.testing.RawConnection;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ContainerResponseFilter;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Stream;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.glassfish.jersey.server.model.Resource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** No request gets past the gate, whichever way answers it. */
class GateTest {
    private static final String FORBIDDEN = "forbidden";

    /** What may stand where only some requests pass, because the others do not need it. */
    private static final Map<String, String> FILTERS_THAT_SOME_REQUESTS_DO_NOT_PASS = Map.of(
            "AnswerFilter", "writes answers where Jersey would; FastPath writes its own",
            "HeadLength", "gives answers to HEAD a length; FastPath takes no HEAD",
            "UnreadableAccept", "corrects what Jersey would refuse; FastPath takes no such Accept",
            "UnreadableContentType", "corrects what Jersey would refuse; RequestBody reads the header itself",
            "Counter", "counts in this test what reaches Jersey",
            "AllowedMethodsFilter",
                    "Dropwizard's: refuses methods that HTTP does not have; FastPath takes none of them",
            "ZipExceptionHandlingServletFilter", "Dropwizard's: answers a body that cannot be unpacked; none is");

    private static final Queue<RequestHead> SEEN = new ConcurrentLinkedQueue<>();

    private static RestService service;

    @BeforeAll
    static void start() throws Exception {
        Gate counting = head -> {
            SEEN.add(head);
            return head.headers().get("Session-Id").contains(FORBIDDEN)
                    ? Optional.of(new Refusal(Refusal.Kind.FORBIDDEN, "Not this one."))
                    : Optional.empty();
        };
        service = RestService.behind(counting, new MapStore());
    }

    @AfterAll
    static void stop() {
        service.close();
    }

    @BeforeEach
    void forget() {
        SEEN.clear();
    }

    @Test
    void everyRoutePassesItByBothWays() throws Exception {
        Set<String> past = new TreeSet<>();
        for (String route : routes()) {
            for (String accept : List.of("*/*", "*/*;q=0.9")) {
                String method = route.substring(0, route.indexOf(' '));
                String path = route.substring(route.indexOf(' ') + 1).replace("{id}", "one");
                int before = service.seenByJersey();

                service.send(method, path, "", "Session-Id", "somebody", "Accept", accept);

                RequestHead head = SEEN.remove();
                assertEquals(method + " " + path, head.method() + " " + head.path());
                assertEquals(List.of(accept), head.headers().get("accept"));
                assertEquals("127.0.0.1", head.peer());
                assertTrue(SEEN.isEmpty(), route);
                if (service.seenByJersey() == before) {
                    past.add(route);
                }
            }
        }
        assertEquals(
                Set.of(
                        "PATCH /authorize",
                        "GET /watch",
                        "GET /streams",
                        "POST /streams",
                        "PUT /streams/{id}",
                        "DELETE /streams",
                        "DELETE /streams/{id}",
                        "POST /streams/{id}/heartbeat",
                        "POST /streams/{id}/release",
                        "POST /cmcd"),
                past);
    }

    @Test
    void aRefusalComesBeforeTheBody() throws Exception {
        for (String path : List.of("/watch", "/streams/one", "/nothing")) {
            try (RawConnection connection =
                    new RawConnection(service.port(), "PUT", path, "Session-Id", FORBIDDEN, "Content-Length", "5")) {
                HttpResponse<String> answer = connection.answer();

                assertEquals(403, answer.statusCode());
                assertEquals("application/problem+json", HttpService.header(answer, "Content-Type"));
                assertEquals("no-store", HttpService.header(answer, "Cache-Control"));
                assertEquals("close", HttpService.header(answer, "Connection"));
                assertTrue(answer.body().contains("Not this one."), answer::body);
            }
        }
    }

    @Test
    void itSeesThePathNormalized() throws Exception {
        service.get("/w%61tch/;a=b?c=d", "Session-Id", FORBIDDEN);

        assertEquals("/watch", SEEN.remove().path());
    }

    @Test
    void nothingElseStandsWhereOnlySomeRequestsPass() {
        Stream<String> ofJersey = Stream.concat(
                        service.environment().jersey().getResourceConfig().getClasses().stream(),
                        service.environment().jersey().getResourceConfig().getInstances().stream()
                                .map(Object::getClass))
                .filter(type -> ContainerRequestFilter.class.isAssignableFrom(type)
                        || ContainerResponseFilter.class.isAssignableFrom(type))
                .map(Class::getSimpleName);
        Stream<String> ofServlets = Arrays.stream(service.environment()
                        .getApplicationContext()
                        .getServletHandler()
                        .getFilters())
                .map(FilterHolder::getFilter)
                .map(filter -> filter.getClass().getSimpleName());

        assertEquals(
                FILTERS_THAT_SOME_REQUESTS_DO_NOT_PASS.keySet(),
                Stream.concat(ofJersey, ofServlets).collect(toSet()));
    }

    /** The open route, and all that Jersey has, as in {@code GET /watch}. */
    private static List<String> routes() {
        List<String> routes = new ArrayList<>(List.of("PATCH /authorize"));
        service.environment().jersey().getResourceConfig().getClasses().stream()
                .filter(type -> type.isAnnotationPresent(Path.class))
                .forEach(type -> collect("", Resource.from(type), routes));
        return routes;
    }

    private static void collect(String parent, Resource resource, List<String> routes) {
        String path = parent + "/" + resource.getPath().replaceFirst("^/", "");
        resource.getResourceMethods().forEach(method -> routes.add(method.getHttpMethod() + " " + path));
        resource.getChildResources().forEach(child -> collect(path, child, routes));
    }
}
