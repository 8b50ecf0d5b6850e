package io.thezone.domain;

import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * The plans that a platform sells.
 *
 * @param plans by name
 * @param defaultPlan the plan of requests that name none
 * @param unknownIsDefault whether the default plan also applies to a request that names a plan which does not exist
 */
public record QuotaPlans(Map<String, StreamQuota> plans, StreamQuota defaultPlan, boolean unknownIsDefault) {
    public QuotaPlans {
        plans = Map.copyOf(plans);
    }

    /**
     * Creates the plans from a list and the name of the default plan.
     *
     * @param all with different names
     * @throws IllegalArgumentException if none has the name of the default plan
     */
    public static QuotaPlans of(Collection<StreamQuota> all, String defaultPlan, boolean unknownIsDefault) {
        Map<String, StreamQuota> plans = all.stream().collect(Collectors.toMap(StreamQuota::name, plan -> plan));
        StreamQuota chosen = plans.get(defaultPlan);
        if (chosen == null) {
            throw new IllegalArgumentException("the default plan " + defaultPlan + " is not among the plans "
                    + String.join(", ", new TreeSet<>(plans.keySet())));
        }
        return new QuotaPlans(plans, chosen, unknownIsDefault);
    }

    /** Returns the plan that applies to a request with this plan name; empty if the request has to be rejected. */
    public Optional<StreamQuota> named(String name) {
        StreamQuota plan = plans.get(name);
        return plan == null && unknownIsDefault ? Optional.of(defaultPlan) : Optional.ofNullable(plan);
    }

    /** Returns a sentence for each plan that may behave unexpectedly. */
    public List<String> warnings() {
        return names().stream()
                .map(plans::get)
                .filter(plan -> plan != null && !plan.costlyRules().isEmpty())
                .map(plan -> "the plan " + plan.name() + " ends streams under "
                        + plan.costlyRules().size()
                        + " rules that may all be used up at once ("
                        + String.join(", ", plan.costlyRules())
                        + "); where the search for whom to end takes too long it refuses, so use at most "
                        + StreamQuota.SEARCHABLE_RULES + " such rules")
                .toList();
    }

    /** Returns the names of all plans in alphabetical order. */
    public Set<String> names() {
        return new TreeSet<>(plans.keySet());
    }
}
