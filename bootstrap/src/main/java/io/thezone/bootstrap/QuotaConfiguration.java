package io.thezone.bootstrap;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MinDuration;
import io.thezone.gateway.Decisions;
import io.thezone.gateway.HeaderName;
import io.thezone.gateway.RefusalLog;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The {@code quota} section.
 *
 * @param header the name of the header in which the gateway names a plan
 * @param limitHeader the name of the header in which the gateway sets the limit of a viewer; empty if it does not
 * @param file a file of plans that is watched for changes; if empty, the plans of this section apply
 * @param decisions how many refusals are kept for explanation, and for how long
 */
public record QuotaConfiguration(
        @HeaderName String header,
        @NotNull Optional<@HeaderName String> limitHeader,
        @NotNull String file,
        @JsonProperty("default") String standard,
        String unknownPlan,
        Map<String, PlansConfiguration.Plan> plans,
        @Valid @NotNull Decisions decisions) {

    /** @throws IllegalArgumentException if the plans of this section are wrong, with the reason */
    public QuotaConfiguration {
        limitHeader = limitHeader.filter(name -> !name.isEmpty());
        if (file.isEmpty()) {
            unknownPlan = new PlansConfiguration(standard, unknownPlan, plans).unknownPlan();
        }
    }

    /**
     * The {@code decisions} section: refusals that a node keeps in memory.
     *
     * @param capacity maximum number of refusals
     * @param memory for how long a refusal is kept at most
     */
    public record Decisions(
            @Min(1) @Max(1_000_000) int capacity,
            @NotNull @MinDuration(value = 1, unit = TimeUnit.SECONDS) Duration memory) {
        RefusalLog toLog() {
            return new RefusalLog(capacity, memory.toJavaDuration());
        }
    }

    /** @throws IllegalStateException if the plans are in a file that cannot be used, with the reason and the line */
    PlansInForce toPlans() {
        return file.isEmpty()
                ? PlansInForce.fixed(new PlansConfiguration(standard, unknownPlan, plans).toPlans())
                : PlansInForce.from(new PlansFile(Path.of(file)));
    }
}
