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
 * @param standard the plan that counts where none is named
 * @param passesUnknown whether a name that no plan has counts as none, too
 */
public record QuotaPlans(Map<String, StreamQuota> plans, StreamQuota standard, boolean passesUnknown) {
    public QuotaPlans {
        plans = Map.copyOf(plans);
    }

    /**
     * @param all each with a name of its own
     * @throws IllegalArgumentException if none has the standard one's name
     */
    public static QuotaPlans of(Collection<StreamQuota> all, String standard, boolean passesUnknown) {
        Map<String, StreamQuota> plans = all.stream().collect(Collectors.toMap(StreamQuota::name, plan -> plan));
        StreamQuota chosen = plans.get(standard);
        if (chosen == null) {
            throw new IllegalArgumentException("the default plan " + standard + " is not among the plans "
                    + String.join(", ", new TreeSet<>(plans.keySet())));
        }
        return new QuotaPlans(plans, chosen, passesUnknown);
    }

    /** The plan of that name; empty if there is none and that matters. */
    public Optional<StreamQuota> named(String name) {
        StreamQuota plan = plans.get(name);
        return plan == null && passesUnknown ? Optional.of(standard) : Optional.ofNullable(plan);
    }

    /** What may surprise about the plans, a sentence each; empty if nothing does. */
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

    /** In the order of the alphabet. */
    public Set<String> names() {
        return new TreeSet<>(plans.keySet());
    }
}
