package io.thezone.bootstrap;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MinDuration;
import io.thezone.rest.HeaderName;
import io.thezone.rest.RefusalLog;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The {@code quota} section.
 *
 * @param header the name of the header in which the gateway names a plan
 * @param file where the plans stand, watched for changes; if empty, they stand here
 * @param decisions which refusals are kept, so that they can be explained
 */
public record QuotaConfiguration(
        @HeaderName String header,
        @NotNull String file,
        @JsonProperty("default") String standard,
        String unknownPlan,
        Map<String, PlansConfiguration.Plan> plans,
        @Valid @NotNull Decisions decisions) {

    /** @throws IllegalArgumentException saying what is wrong with the plans that stand here */
    public QuotaConfiguration {
        if (file.isEmpty()) {
            unknownPlan = new PlansConfiguration(standard, unknownPlan, plans).unknownPlan();
        }
    }

    /**
     * Refusals that a node keeps, in memory.
     *
     * @param capacity how many
     * @param memory for how long at most
     */
    public record Decisions(
            @Min(1) @Max(1_000_000) int capacity,
            @NotNull @MinDuration(value = 1, unit = TimeUnit.SECONDS) Duration memory) {
        RefusalLog toLog() {
            return new RefusalLog(capacity, memory.toJavaDuration());
        }
    }

    /** @throws IllegalStateException if the plans stand in a file that cannot be used, saying why and where */
    PlansInForce toPlans() {
        return file.isEmpty()
                ? PlansInForce.fixed(new PlansConfiguration(standard, unknownPlan, plans).toPlans())
                : PlansInForce.from(new PlansFile(Path.of(file)));
    }
}
