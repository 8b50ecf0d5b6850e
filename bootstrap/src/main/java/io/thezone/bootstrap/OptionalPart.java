package io.thezone.bootstrap;

import com.codahale.metrics.health.HealthCheck;

/** A part without which the node still answers: where it is unwell that is shown, and the node counts as healthy. */
final class OptionalPart extends HealthCheck {
    private final HealthCheck part;

    OptionalPart(HealthCheck part) {
        this.part = part;
    }

    @Override
    protected Result check() {
        Result result = part.execute();
        return result.isHealthy()
                ? result
                : Result.builder()
                        .healthy()
                        .withMessage("unwell: " + result.getMessage())
                        .withDetail("unwell", true)
                        .build();
    }
}
