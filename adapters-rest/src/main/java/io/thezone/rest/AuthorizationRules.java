package io.thezone.rest;

import io.thezone.gateway.IdentityRules;
import io.thezone.gateway.Reason;
import java.time.Duration;
import java.util.Map;

/**
 * How {@code /authorize} reads questions and answers them.
 *
 * @param statuses the status of a denial, for each reason that denies
 * @param maxAge for how long a gateway may cache that a stream is allowed; zero if it may not
 */
public record AuthorizationRules(IdentityRules identity, Map<Reason, Integer> statuses, Duration maxAge) {
    public AuthorizationRules {
        statuses = Map.copyOf(statuses);
    }
}
