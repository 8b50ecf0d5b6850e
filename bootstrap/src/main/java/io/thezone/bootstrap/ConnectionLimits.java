package io.thezone.bootstrap;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/**
 * The {@code connections} section.
 *
 * @param application of the application port, at most
 * @param admin of the admin port, at most
 */
public record ConnectionLimits(@Min(1) @Max(1_000_000) int application, @Min(1) @Max(1_000_000) int admin) {}
