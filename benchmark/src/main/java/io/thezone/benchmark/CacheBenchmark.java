package io.thezone.benchmark;

import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.StoredSession;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Measures reading a batch from the Hazelcast cache, and publishing one, which does not wait. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class CacheBenchmark {
    @Param({"1", "16", "256"})
    public int batch;

    private LoneCache cache = new LoneCache(SessionCache.NONE, List.of());
    private Map<SessionKey, StoredSession> sessions = Map.of();

    @Setup
    public void fill() throws Exception {
        cache = LoneCache.open();
        sessions = LoneCache.sessions(new Random(1), batch);
        cache.publish(sessions);
    }

    @TearDown
    public void close() throws Exception {
        cache.close();
    }

    @Benchmark
    public Map<SessionKey, StoredSession> get() {
        return cache.cache().get(sessions.keySet());
    }

    @Benchmark
    public void publish() {
        cache.cache().publish(sessions);
    }
}
