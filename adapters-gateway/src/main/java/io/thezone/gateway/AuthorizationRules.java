package io.thezone.gateway;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;

/**
 * How questions of gateways are read and answered.
 *
 * @param statuses the HTTP status that the viewer gets, for each reason that denies
 * @param maxAge for how long a gateway may cache that a stream is allowed; zero if it may not
 */
public record AuthorizationRules(IdentityRules identity, Map<Reason, Integer> statuses, Duration maxAge) {
    /** What a 401 must say (RFC 9110, section 15.5.2). */
    public static final String CHALLENGE = "Session realm=\"streams\"";

    public AuthorizationRules {
        statuses = Map.copyOf(statuses);
    }

    public int statusOf(Reason reason) {
        return Objects.requireNonNull(statuses.get(reason), "every denial has a status");
    }
}
