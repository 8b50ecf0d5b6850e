package io.thezone.bootstrap;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MaxDuration;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.ValidationMethod;
import io.thezone.domain.Lease;
import jakarta.validation.constraints.NotNull;
import java.util.concurrent.TimeUnit;

/**
 * The {@code streams} section.
 *
 * @param lease for how long a stream lives after its last heartbeat; at most a day
 * @param heartbeat the interval at which players are asked to send one; at least a second
 */
public record StreamsConfiguration(
        @NotNull @MaxDuration(value = 1, unit = TimeUnit.DAYS) Duration lease,
        @NotNull @MinDuration(value = 1, unit = TimeUnit.SECONDS) Duration heartbeat) {

    @JsonIgnore
    @ValidationMethod(message = "lease must be longer than two heartbeats, so that one may get lost")
    public boolean isLeaseLongEnough() {
        return lease == null || heartbeat == null || lease.toNanoseconds() / 2 > heartbeat.toNanoseconds();
    }

    Lease toLease() {
        return new Lease(lease.toJavaDuration(), heartbeat.toJavaDuration());
    }
}
