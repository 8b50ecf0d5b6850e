package io.thezone.bootstrap;

import com.codahale.metrics.health.HealthCheck;
import io.thezone.persistence.spi.SessionRepository;
import java.time.Duration;
import java.util.List;

/** The store tells its time, within the time that a request would wait for it. */
final class StoreHealthCheck extends HealthCheck {
    private static final Duration LIMIT = Duration.ofSeconds(1);

    private final SessionRepository repository;

    StoreHealthCheck(SessionRepository repository) {
        this.repository = repository;
    }

    @Override
    protected Result check() {
        long start = System.nanoTime();
        String time = repository.load(List.of()).now().toString();
        long millis = (System.nanoTime() - start) / 1_000_000;
        return millis > LIMIT.toMillis()
                ? Result.unhealthy("the store took %d ms to answer, more than %d", millis, LIMIT.toMillis())
                : Result.healthy("the store says it is %s", time);
    }
}
