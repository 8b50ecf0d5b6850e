package io.thezone.bootstrap;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.databind.JsonNode;
import io.thezone.domain.QuotaPlans;
import io.thezone.domain.QuotaRule;
import io.thezone.domain.Reclaim;
import io.thezone.domain.StreamQuota;
import io.thezone.domain.WhenFull;
import io.thezone.rest.Spelling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Plans as written in YAML. Each part is validated as soon as it is read, so that a mistake is reported with its line.
 *
 * @param standard the name of the plan that applies to requests without one
 * @param unknownPlan what happens to a request with an unknown plan: {@code refuse} (400), or {@code default}, the standard plan
 *     applies
 * @param plans by name
 */
public record PlansConfiguration(
        @JsonProperty("default") String standard,
        String unknownPlan,
        @JsonSetter(contentNulls = Nulls.FAIL) Map<String, Plan> plans) {

    /** A mistake in a member of the plans, with the path to that member. */
    static final class MisplacedName extends IllegalArgumentException {
        private static final long serialVersionUID = 1L;

        private final transient List<String> path;

        MisplacedName(List<String> path, IllegalArgumentException cause) {
            super(cause.getMessage(), cause);
            this.path = path;
        }

        List<String> path() {
            return path;
        }
    }

    private enum UnknownPlan {
        REFUSE,
        DEFAULT
    }

    /** @throws IllegalArgumentException if a value is invalid, with the reason */
    public PlansConfiguration {
        if (standard == null || plans == null || plans.isEmpty()) {
            throw new IllegalArgumentException("plans, and the default among them, must be named");
        }
        unknownPlan = unknownPlan == null ? "refuse" : unknownPlan;
        toPlans(standard, unknownPlan, plans);
    }

    QuotaPlans toPlans() {
        return toPlans(standard, unknownPlan, plans);
    }

    private static QuotaPlans toPlans(String standard, String unknownPlan, Map<String, Plan> plans) {
        List<StreamQuota> quotas = new ArrayList<>();
        plans.forEach((name, plan) -> {
            try {
                quotas.add(plan.toQuota(name));
            } catch (IllegalArgumentException e) {
                throw new MisplacedName(List.of("plans", name), e);
            }
        });
        boolean passesUnknown =
                oneOf(UnknownPlan.values(), Spelling::of, "unknownPlan", unknownPlan) == UnknownPlan.DEFAULT;
        try {
            return QuotaPlans.of(quotas, standard, passesUnknown);
        } catch (IllegalArgumentException e) {
            throw new MisplacedName(List.of("default"), e);
        }
    }

    private static <E> E oneOf(E[] all, Function<E, String> spelling, String setting, String value) {
        return Arrays.stream(all)
                .filter(it -> spelling.apply(it).equals(value))
                .findAny()
                .orElseThrow(() -> new MisplacedName(
                        List.of(setting),
                        new IllegalArgumentException("must be one of "
                                + Arrays.stream(all).map(spelling).collect(Collectors.joining(", "))
                                + ", not " + value)));
    }

    /** The limit of a plan or a rule as written in YAML: a number, or {@value #UNLIMITED}. */
    record Limit(@JsonValue int streams) {
        private static final String UNLIMITED = "unlimited";

        /** @throws IllegalArgumentException if it is neither, with the reason */
        @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
        static Limit of(JsonNode written) {
            String text = written.asText().strip();
            try {
                return new Limit(text.equals(UNLIMITED) ? StreamQuota.MAX_LIMIT : Integer.parseInt(text));
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(
                        "must be a whole number up to " + StreamQuota.MAX_LIMIT + ", or " + UNLIMITED, e);
            }
        }
    }

    /**
     * One plan as written in YAML.
     *
     * @param limit on all streams of a session; {@value StreamQuota#MAX_LIMIT} if absent, which a plan with rules may leave out
     * @param whenFull the spelling of a {@link WhenFull}; that of {@link WhenFull#REFUSE} if absent
     * @param reclaimSameDevice the spelling of a {@link Reclaim}; that of {@link Reclaim#NONE} if absent
     */
    public record Plan(
            @Nullable Limit limit,
            String whenFull,
            @JsonSetter(contentNulls = Nulls.FAIL) List<String> devicePriority,
            String reclaimSameDevice,
            @JsonSetter(contentNulls = Nulls.FAIL) List<Rule> rules) {

        /** @throws IllegalArgumentException if a value is invalid, with the reason */
        public Plan {
            whenFull = whenFull == null ? WhenFull.REFUSE.spelling() : whenFull;
            reclaimSameDevice = reclaimSameDevice == null ? Reclaim.NONE.spelling() : reclaimSameDevice;
            devicePriority = devicePriority == null ? List.of() : List.copyOf(devicePriority);
            rules = rules == null ? List.of() : List.copyOf(rules);
            if (limit == null && rules.isEmpty()) {
                throw new IllegalArgumentException("a plan needs a limit, or rules");
            }
            toQuota("unnamed", limit, whenFull, devicePriority, reclaimSameDevice, rules);
        }

        StreamQuota toQuota(String name) {
            return toQuota(name, limit, whenFull, devicePriority, reclaimSameDevice, rules);
        }

        private static StreamQuota toQuota(
                String name,
                @Nullable Limit limit,
                String whenFull,
                List<String> devicePriority,
                String reclaimSameDevice,
                List<Rule> rules) {
            return new StreamQuota(
                    name,
                    limit == null ? StreamQuota.MAX_LIMIT : limit.streams(),
                    rules.stream().map(Rule::toRule).toList(),
                    oneOf(WhenFull.values(), WhenFull::spelling, "whenFull", whenFull),
                    devicePriority,
                    oneOf(Reclaim.values(), Reclaim::spelling, "reclaimSameDevice", reclaimSameDevice));
        }
    }

    /** One rule as written in YAML. */
    public record Rule(
            String name,
            Limit limit,
            @JsonSetter(contentNulls = Nulls.FAIL) Map<String, List<String>> where,
            @JsonSetter(contentNulls = Nulls.FAIL) Map<String, List<String>> whereNot,
            @Nullable String per,
            @Nullable String distinct,
            boolean required) {

        /** @throws IllegalArgumentException if a value is invalid, with the reason */
        public Rule {
            if (name == null || limit == null) {
                throw new IllegalArgumentException("a rule needs a name and a limit");
            }
            where = where == null ? Map.of() : where;
            whereNot = whereNot == null ? Map.of() : whereNot;
            toRule(name, limit, where, whereNot, per, distinct, required);
        }

        QuotaRule toRule() {
            return toRule(name, limit, where, whereNot, per, distinct, required);
        }

        private static QuotaRule toRule(
                String name,
                Limit limit,
                Map<String, List<String>> where,
                Map<String, List<String>> whereNot,
                @Nullable String per,
                @Nullable String distinct,
                boolean required) {
            return new QuotaRule(
                    name,
                    limit.streams(),
                    Stream.concat(conditions(where, false), conditions(whereNot, true))
                            .toList(),
                    Optional.ofNullable(per),
                    Optional.ofNullable(distinct),
                    required);
        }

        private static Stream<QuotaRule.Condition> conditions(Map<String, List<String>> values, boolean negated) {
            return values.entrySet().stream()
                    .map(it -> new QuotaRule.Condition(it.getKey(), new HashSet<>(it.getValue()), negated));
        }
    }
}
