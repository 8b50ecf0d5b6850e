package io.thezone.rest.edge;

import com.google.common.net.HostAndPort;
import com.google.common.net.InetAddresses;
import io.thezone.gateway.Gate;
import io.thezone.gateway.Refusal;
import io.thezone.gateway.RequestHead;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;

/**
 * Refuses requests to the admin port that a web page in an operator's browser makes: those from another origin, and those for
 * an unknown host, which may be a name that an attacker has pointed at this address (DNS rebinding). It reads only headers that
 * a page cannot set; one could set those that a proxy adds, such as X-Forwarded-Host.
 */
public final class AdminGuard implements Gate {
    private static final String ORIGIN = "Origin";
    private static final String FETCH_SITE = "Sec-Fetch-Site";
    private static final String LOCALHOST = "localhost";
    private static final List<String> SCHEMES = List.of("http://", "https://");

    /** Values of Sec-Fetch-Site: a page of this port, and an address that the operator typed in. */
    private static final Set<String> OWN_SITE = Set.of("same-origin", "none");

    private static final Refusal UNKNOWN_HOST = new Refusal(
            Refusal.Kind.MISDIRECTED,
            "The admin port answers to IP addresses, to localhost and to the names in adminHosts (ADMIN_HOSTS); the Host of this"
                    + " request is none of them.");
    private static final Refusal FOREIGN_ORIGIN = new Refusal(
            Refusal.Kind.FORBIDDEN,
            "The admin port answers no web page of another origin: Origin must name the same host and port as Host, or be absent.");

    private final Set<String> hosts;

    /** @param hosts known names besides localhost, in lower case; IP addresses are always known */
    public AdminGuard(Set<String> hosts) {
        this.hosts = Set.copyOf(hosts);
    }

    /** A request without a Host does not come from a browser. */
    @Override
    public Optional<Refusal> refusal(RequestHead head) {
        String host = head.headers().get(HttpHeaders.HOST).stream().findFirst().orElse("");
        if (!host.isEmpty() && !isKnown(host)) {
            return Optional.of(UNKNOWN_HOST);
        }
        List<String> origins = head.headers().get(ORIGIN);
        boolean foreign = !origins.stream().allMatch(origin -> isOf(host, origin));
        return foreign || !OWN_SITE.containsAll(head.headers().get(FETCH_SITE))
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

    /** Ignores the scheme: TLS may end at a proxy in front. */
    private static boolean isOf(String host, String origin) {
        return SCHEMES.stream().anyMatch(scheme -> origin.equalsIgnoreCase(scheme + host));
    }
}
