package io.thezone.rest.edge;

import io.thezone.rest.problem.Problem;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.CrossOriginHandler;
import org.eclipse.jetty.util.Callback;

/**
 * Refuses requests of web pages whose origin is not listed, before anything is decided: a browser would only keep the answer from
 * the page. Pages of listed origins may read the answers (CORS).
 */
final class PageGuard extends CrossOriginHandler {
    private static final Set<String> METHODS = Set.of("GET", "HEAD", "POST", "PUT", "DELETE");

    /** Set by browsers; no page can set it. */
    private static final String FETCH_SITE = "Sec-Fetch-Site";

    private static final List<String> SAME_ORIGIN = List.of("same-origin");

    private final Routes routes;
    private final Set<String> paths;
    private final Set<String> origins;
    private final Problem refusal;

    PageGuard(Routes routes, PageRules rules) {
        this.routes = routes;
        this.paths = Set.copyOf(rules.paths());
        this.origins = Set.copyOf(rules.origins());
        this.refusal = rules.refusal();
        setAllowCredentials(true);
        setAllowedOriginPatterns(origins.stream().map(Pattern::quote).collect(Collectors.toSet()));
        setAllowedMethods(METHODS);
        setAllowedHeaders(rules.requestHeaders());
        setExposedHeaders(rules.exposedHeaders());
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (!routes.isBelowOneOf(paths, request)) {
            return getHandler().handle(request, response, callback);
        }
        if (isForeign(request.getHeaders())) {
            ProblemErrorHandler.refuse(refusal, request, response, callback);
            return true;
        }
        return super.handle(request, response, callback);
    }

    private boolean isForeign(HttpFields headers) {
        return headers.contains(HttpHeader.ORIGIN)
                && !origins.containsAll(headers.getValuesList(HttpHeader.ORIGIN))
                && !headers.getValuesList(FETCH_SITE).equals(SAME_ORIGIN);
    }
}
