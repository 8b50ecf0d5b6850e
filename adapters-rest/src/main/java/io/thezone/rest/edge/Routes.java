package io.thezone.rest.edge;

import com.google.common.base.Suppliers;
import java.util.List;
import java.util.Optional;
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
            if (route.isOpen()
                    && path.startsWith(open)
                    && (path.length() == open.length() || path.charAt(open.length()) == '/')) {
                return Optional.of(open);
            }
        }
        return Optional.empty();
    }

    /** Whether the answer to the request depends on its body. */
    boolean needsBody(Request request) {
        return match(request)
                .filter(match -> match.route().reads() == Route.Reads.BODY)
                .isPresent();
    }
}
