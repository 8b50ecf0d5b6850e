package io.thezone.bootstrap;

import com.codahale.metrics.health.HealthCheck;

/** A health check of a part that the node can do without: it always passes, and a failure is shown in its message. */
final class NonCriticalHealthCheck extends HealthCheck {
    private final HealthCheck part;

    NonCriticalHealthCheck(HealthCheck part) {
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
