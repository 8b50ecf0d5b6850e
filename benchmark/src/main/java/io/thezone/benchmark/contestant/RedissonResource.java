package io.thezone.benchmark.contestant;

import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.Managed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import org.redisson.Redisson;
import org.redisson.api.RPermitExpirableSemaphore;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/** Uses a semaphore with expiring permits for each session; its number of permits must be set before one can be acquired. */
@Path("watch")
public final class RedissonResource {
    private final RedissonClient redisson;

    private RedissonResource(RedissonClient redisson) {
        this.redisson = redisson;
    }

    static RedissonResource open(Environment environment, String url) {
        Config config = new Config();
        config.useSingleServer().setAddress(url);
        RedissonClient redisson = Redisson.create(config);
        environment.lifecycle().manage(new Managed() {
            @Override
            public void stop() {
                redisson.shutdown();
            }
        });
        return new RedissonResource(redisson);
    }

    @GET
    public CompletionStage<Response> watch(@HeaderParam("Session-Id") String session) {
        RPermitExpirableSemaphore streams = redisson.getPermitExpirableSemaphore("semaphore-" + session);
        return streams.trySetPermitsAsync(Contestant.LIMIT)
                .thenCompose(set -> streams.tryAcquireAsync(0, Contestant.LEASE.toMillis(), TimeUnit.MILLISECONDS))
                .thenApply(permit -> Contestant.answer(permit != null));
    }
}
