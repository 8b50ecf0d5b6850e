package io.thezone.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import jakarta.ws.rs.core.Response.Status;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/**
 * Refuses what a web page that an operator happens to have open sends to the admin port: requests of a foreign origin, and
 * those for a host that is not known, as a name that was rebound to this address would be (DNS rebinding). It reads the headers
 * that a page cannot set, and not those that a proxy adds, which a rebound page can.
 */
public final class AdminGuard extends Handler.Wrapper {
    private static final ObjectWriter WRITER = JsonMapper.builder().build().writerFor(Problem.class);
    private static final String LOCALHOST = "localhost";
    private static final List<String> SCHEMES = List.of("http://", "https://");

    private static final Problem UNKNOWN_HOST = new Problem(
            HttpStatus.MISDIRECTED_REQUEST_421,
            "about:blank",
            HttpStatus.getMessage(HttpStatus.MISDIRECTED_REQUEST_421),
            "The admin port answers to IP addresses, to localhost and to the names in adminHosts (ADMIN_HOSTS); the Host of this"
                    + " request is none of them.",
            java.util.Map.of(),
            java.util.Map.of());
    private static final Problem FOREIGN_ORIGIN = Problem.of(
            Status.FORBIDDEN,
            "The admin port answers no web page of another origin: Origin must be that of the Host which is asked, or absent.");

    private final Set<String> hosts;

    /** @param hosts further names under which the port may be asked, in lower case; IP addresses and localhost always may */
    public AdminGuard(Set<String> hosts) {
        this.hosts = Set.copyOf(hosts);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Optional<Problem> problem = problem(request.getHeaders());
        if (problem.isEmpty()) {
            return super.handle(request, response, callback);
        }
        refuse(problem.get(), response, callback);
        return true;
    }

    /** Browsers always send a Host, so a request without one is of no page. */
    private Optional<Problem> problem(HttpFields headers) {
        String host = headers.get(HttpHeader.HOST);
        if (host != null && !host.isEmpty() && !isKnown(host)) {
            return Optional.of(UNKNOWN_HOST);
        }
        List<String> origins = headers.getValuesList(HttpHeader.ORIGIN);
        boolean foreign = !origins.stream().allMatch(origin -> isOf(host == null ? "" : host, origin));
        return foreign || "cross-site".equalsIgnoreCase(headers.get("Sec-Fetch-Site"))
                ? Optional.of(FOREIGN_ORIGIN)
                : Optional.empty();
    }

    private boolean isKnown(String hostAndPort) {
        try {
            String host = HostAndPort.fromString(hostAndPort).getHost().toLowerCase(Locale.ROOT);
            return host.equals(LOCALHOST) || hosts.contains(host) || InetAddresses.isInetAddress(host);
        } catch (IllegalArgumentException notAHost) {
            return false;
        }
    }

    /** The scheme may be that of a proxy in front. */
    private static boolean isOf(String host, String origin) {
        return SCHEMES.stream().anyMatch(scheme -> origin.equalsIgnoreCase(scheme + host));
    }

    private static void refuse(Problem problem, Response response, Callback callback) throws JsonProcessingException {
        response.setStatus(problem.status());
        response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
        response.getHeaders().put(HttpHeader.CACHE_CONTROL, NoStore.VALUE);
        response.write(true, ByteBuffer.wrap(WRITER.writeValueAsString(problem).getBytes(UTF_8)), callback);
    }
}
