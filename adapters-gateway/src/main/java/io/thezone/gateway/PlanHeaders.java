package io.thezone.gateway;

import io.thezone.domain.QuotaPlans;
import io.thezone.domain.StreamQuota;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Pattern;

/**
 * Reads from headers which plan applies to a viewer, and the viewer's own limit.
 *
 * @param plan the name of the header that names a plan
 * @param limit the name of the header with the viewer's own limit; empty if no header is read for it
 * @param plans the plans in force; read once per request
 */
public record PlanHeaders(String plan, Optional<String> limit, Supplier<QuotaPlans> plans) {
    /** 1 to {@value StreamQuota#MAX_LIMIT}. */
    private static final Pattern LIMIT = Pattern.compile("[1-9][0-9]?|100");

    /**
     * The plan that the request names, or the default plan if it names none, with the viewer's own limit if the request has one;
     * empty if no plan has the name.
     *
     * @throws IllegalArgumentException saying what is wrong with which header
     */
    public Optional<StreamQuota> quota(HeaderValues headers) {
        Optional<StreamQuota> named = namedQuota(headers);
        if (limit.isEmpty()) {
            return named;
        }
        Optional<Integer> own = headers.single(limit.get(), PlanHeaders::limit);
        return own.isEmpty() ? named : named.map(it -> it.withLimit(own.get()));
    }

    private Optional<StreamQuota> namedQuota(HeaderValues headers) {
        QuotaPlans known = plans.get();
        Optional<String> name = headers.single(plan, Function.identity());
        return name.isEmpty() || name.get().isEmpty() ? Optional.of(known.defaultPlan()) : known.named(name.get());
    }

    /** The message for a request that names a plan that is not known. */
    public String unknownPlan() {
        return plan + " names a plan that is not known; known are "
                + String.join(", ", plans.get().names());
    }

    /** Reads a limit as strictly as a gateway can be expected to write it: no sign, no leading zero. */
    private static int limit(String value) {
        if (!LIMIT.matcher(value).matches()) {
            throw new IllegalArgumentException("must be a whole number, 1 to " + StreamQuota.MAX_LIMIT);
        }
        return Integer.parseInt(value);
    }
}
