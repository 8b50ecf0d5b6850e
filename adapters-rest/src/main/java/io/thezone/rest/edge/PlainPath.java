package io.thezone.rest.edge;

import io.thezone.rest.problem.Problem;
import java.util.Optional;
import org.eclipse.jetty.http.HttpURI;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.URIUtil;

/**
 * Normalizes a path before any other handler reads it: percent-encoded letters and digits are decoded, dot segments are resolved
 * (RFC 3986, section 6.2.2), parameters and a slash at the end are dropped. Refuses paths that can be read in two ways, such as
 * an encoded slash or an empty segment, except below an open route: what a gateway appends there is a viewer's, and is kept as it
 * was sent.
 */
final class PlainPath extends Handler.Wrapper {
    private final Routes routes;

    PlainPath(Routes routes) {
        this.routes = routes;
    }

    /** Makes the application port leave it to this handler which paths are refused, in every protocol that it speaks. */
    static void acceptAllPaths(Server server) {
        for (Connector port : server.getConnectors()) {
            if (!"admin".equals(port.getName())) {
                port.getContainedBeans(HttpConfiguration.class)
                        .forEach(protocol -> protocol.setUriCompliance(UriCompliance.UNSAFE));
            }
        }
    }

    /** Path and query below the open route, as they were sent; empty text if there is nothing. */
    static String below(Request request) {
        Below below = Request.as(request, Below.class);
        return below == null ? "" : below.rest;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        HttpURI uri = request.getHttpURI();
        String path = uri.getPath();
        Optional<String> open = routes.openPath(path);
        if (open.isPresent()) {
            return super.handle(new Below(request, open.get()), response, callback);
        }
        Optional<UriCompliance.Violation> violation = uri.getViolations().stream()
                .filter(it -> !UriCompliance.DEFAULT.allows(it))
                .findFirst();
        if (violation.isPresent()) {
            Problem problem = Problem.badRequest(
                    "the path can be read in two ways: " + violation.get().getDescription());
            ProblemErrorHandler.refuse(problem, request, response, callback);
            return true;
        }
        if (isPlain(path, uri.getCanonicalPath())) {
            return super.handle(request, response, callback);
        }
        String plain = URIUtil.encodePath(uri.getCanonicalPath()).replaceFirst("(?<=.)/$", "");
        HttpURI same = HttpURI.build(uri, plain, null, uri.getQuery()).asImmutable();
        return super.handle(new Spelled(request, same), response, callback);
    }

    private static boolean isPlain(String path, String canonical) {
        return path.equals(canonical) && path.indexOf('%') < 0 && !path.endsWith("/");
    }

    private static class Spelled extends Request.Wrapper {
        private final HttpURI uri;

        Spelled(Request request, HttpURI uri) {
            super(request);
            this.uri = uri;
        }

        @Override
        public HttpURI getHttpURI() {
            return uri;
        }
    }

    /** A request for an open route: its path is that of the route alone. */
    private static final class Below extends Spelled {
        private final String rest;

        Below(Request request, String path) {
            super(request, HttpURI.build(request.getHttpURI(), path, null, null).asImmutable());
            this.rest = request.getHttpURI().getPathQuery().substring(path.length());
        }
    }
}
