package io.thezone.bootstrap;

import com.codahale.metrics.health.HealthCheck;
import io.thezone.persistence.engine.GroupCommitSessionStore;
import io.thezone.persistence.spi.TimeLimits;

/** No request has been waiting for so long that it is about to be turned away. */
final class QueueHealthCheck extends HealthCheck {
    private final GroupCommitSessionStore store;

    QueueHealthCheck(GroupCommitSessionStore store) {
        this.store = store;
    }

    @Override
    protected Result check() {
        long wait = store.longestWait().toMillis();
        return wait > TimeLimits.QUEUE_ALARM.toMillis()
                ? Result.unhealthy("requests have been waiting for %d ms", wait)
                : Result.healthy("requests have been waiting for %d ms", wait);
    }
}
