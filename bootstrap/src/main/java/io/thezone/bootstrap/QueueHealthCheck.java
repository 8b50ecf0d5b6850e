package io.thezone.bootstrap;

import com.codahale.metrics.health.HealthCheck;
import io.thezone.persistence.engine.GroupCommitSessionStore;
import io.thezone.persistence.spi.TimeLimits;

/** Checks that no request has been waiting for almost as long as a request may wait before it is answered 503. */
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
