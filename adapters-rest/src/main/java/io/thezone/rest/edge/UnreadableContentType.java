package io.thezone.rest.edge;

import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletRequestWrapper;
import jakarta.servlet.http.HttpServletResponse;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import java.io.IOException;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;

/**
 * Treats a Content-Type header that cannot be parsed as absent; only the reader of a body needs it. Stands in front of Jersey,
 * which would answer an empty 400 before any of its filters.
 */
final class UnreadableContentType extends HttpFilter {
    private static final long serialVersionUID = 1L;

    @Override
    protected void doFilter(HttpServletRequest request, HttpServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        List<String> types = Collections.list(request.getHeaders(HttpHeaders.CONTENT_TYPE));
        chain.doFilter(types.isEmpty() || isReadable(types) ? request : new WithoutType(request), response);
    }

    private static boolean isReadable(List<String> types) {
        try {
            return types.size() == 1 && MediaType.valueOf(types.get(0)) != null;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** Hides the header where Jersey looks: among the names. */
    private static final class WithoutType extends HttpServletRequestWrapper {
        WithoutType(HttpServletRequest request) {
            super(request);
        }

        @Override
        public Enumeration<String> getHeaderNames() {
            List<String> names = Collections.list(super.getHeaderNames());
            names.removeIf(HttpHeaders.CONTENT_TYPE::equalsIgnoreCase);
            return Collections.enumeration(names);
        }
    }
}
