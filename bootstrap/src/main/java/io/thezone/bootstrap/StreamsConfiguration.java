package io.thezone.bootstrap;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.ValidationMethod;
import io.thezone.application.StreamTerms;
import io.thezone.domain.Lease;
import io.thezone.domain.StreamQuota;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import java.util.concurrent.TimeUnit;

/**
 * The {@code streams} section.
 *
 * @param limit streams that a session may hold at once
 * @param lease for how long a stream lives without a sign of life
 * @param heartbeat how often players are told to give one
 */
public record StreamsConfiguration(
        @Min(1) @Max(StreamQuota.MAX_LIMIT) int limit,
        @NotNull @MaxDuration(value = 1, unit = TimeUnit.DAYS) Duration lease,
        @NotNull @MinDuration(value = 1, unit = TimeUnit.SECONDS) Duration heartbeat) {

    @JsonIgnore
    @ValidationMethod(message = "lease must be longer than two heartbeats, so that one may get lost")
    public boolean isLeaseLongEnough() {
        return lease == null || heartbeat == null || lease.toNanoseconds() / 2 > heartbeat.toNanoseconds();
    }

    StreamTerms toTerms() {
        return new StreamTerms(new StreamQuota(limit), new Lease(lease.toJavaDuration(), heartbeat.toJavaDuration()));
    }
}
