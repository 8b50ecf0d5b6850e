package io.thezone.rest.edge;

import com.google.common.base.Suppliers;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.eclipse.jetty.server.Request;

/** The routes that are answered past Jersey. */
final class Routes {
    private final List<Route> routes;
    private final Supplier<String> root;

    /** @param urlPattern where Jersey is, as in {@code /*}; read at the first request */
    Routes(List<Route> routes, Supplier<String> urlPattern) {
        this.routes = List.copyOf(routes);
        this.root = Suppliers.memoize(() -> urlPattern.get().replaceFirst("\\*$", ""));
    }

    /** A request for one of the routes; the path is below Jersey's root. */
    record Match(Route route, String path, String id) {}

    Optional<Match> match(Request request) {
        String path = Request.getPathInContext(request);
        if (!path.startsWith(root.get())) {
            return Optional.empty();
        }
        String below = path.substring(root.get().length());
        for (Route route : routes) {
            Optional<String> id = route.idIn(request.getMethod(), below);
            if (id.isPresent()) {
                return Optional.of(new Match(route, below, id.get()));
            }
        }
        return Optional.empty();
    }

    /** The path of the open route that the path belongs to, as it was sent; empty if it belongs to none. */
    Optional<String> openPath(String path) {
        for (Route route : routes) {
            String open = root.get() + route.path();
            if (route.isOpen() && isBelow(open, path)) {
                return Optional.of(open);
            }
        }
        return Optional.empty();
    }

    /** Whether the request is for one of the paths, which are below Jersey's root, or for one below them. */
    boolean isBelowOneOf(Set<String> paths, Request request) {
        String path = Request.getPathInContext(request);
        for (String each : paths) {
            if (isBelow(root.get() + each, path)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isBelow(String parent, String path) {
        return path.startsWith(parent) && (path.length() == parent.length() || path.charAt(parent.length()) == '/');
    }

    /** Whether the answer to the request depends on its body. */
    boolean needsBody(Request request) {
        return match(request)
                .filter(match -> match.route().reads() == Route.Reads.BODY)
                .isPresent();
    }
}
