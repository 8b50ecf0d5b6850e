package io.thezone.benchmark.contestant;

import io.dropwizard.core.setup.Environment;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.Response;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Keeps only the expiry times of the streams of each session, in memory: the upper limit for any logic. */
@Path("watch")
public final class MapResource {
    private static final int REMOVAL_INTERVAL_SECONDS = 10;

    /** Expiry times in nanoseconds of {@link System#nanoTime}, ascending. */
    private final ConcurrentMap<String, long[]> ends = new ConcurrentHashMap<>();

    private MapResource() {}

    static MapResource open(Environment environment) {
        MapResource resource = new MapResource();
        ScheduledFuture<?> unused = environment
                .lifecycle()
                .scheduledExecutorService("removal", true)
                .build()
                .scheduleWithFixedDelay(
                        resource::removeLapsed, REMOVAL_INTERVAL_SECONDS, REMOVAL_INTERVAL_SECONDS, TimeUnit.SECONDS);
        return resource;
    }

    @GET
    public Response watch(@HeaderParam("Session-Id") String session) {
        boolean[] admitted = new boolean[1];
        ends.compute(session, (id, held) -> {
            long[] next = next(held, System.nanoTime());
            admitted[0] = next != held;
            return next;
        });
        return Contestant.answer(admitted[0]);
    }

    /** @return the same array if the limit is reached */
    private static long[] next(long @Nullable [] held, long now) {
        long end = now + Contestant.LEASE.toNanos();
        if (held == null) {
            return new long[] {end};
        }
        long[] live = Arrays.stream(held).filter(it -> it - now > 0).toArray();
        if (live.length >= Contestant.LIMIT) {
            return held;
        }
        long[] next = Arrays.copyOf(live, live.length + 1);
        next[live.length] = end;
        return next;
    }

    private void removeLapsed() {
        long now = System.nanoTime();
        ends.values().removeIf(held -> held[held.length - 1] - now <= 0);
    }
}
