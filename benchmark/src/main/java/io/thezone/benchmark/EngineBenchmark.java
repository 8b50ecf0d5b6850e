package io.thezone.benchmark;

import io.thezone.application.AcquireStream;
import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.Attributes;
import io.thezone.domain.Lease;
import io.thezone.domain.SessionId;
import io.thezone.domain.StreamId;
import io.thezone.domain.StreamQuota;
import io.thezone.domain.StreamRequest;
import io.thezone.persistence.engine.GroupCommitConfiguration;
import io.thezone.persistence.engine.GroupCommitSessionStore;
import io.thezone.persistence.engine.SessionKeys;
import io.thezone.persistence.memory.MemorySessionRepository;
import io.thezone.persistence.spi.SessionCache;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** Measures the time of the engine per request, for 256 concurrent requests, over a store that needs no time. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class EngineBenchmark {
    private static final int REQUESTS = 256;
    private static final int SESSIONS = 400 * REQUESTS;

    /** A renewal is saved if less than 2.5 heartbeat intervals are left: with this lease always. */
    private static final Lease LEASE = new Lease(Duration.ofSeconds(90), Duration.ofSeconds(40));

    private static final int STREAMS = 3;
    private static final StreamQuota QUOTA = new StreamQuota("three", STREAMS);

    private final GroupCommitSessionStore store = new GroupCommitSessionStore(
            new MemorySessionRepository(InstantSource.system()),
            SessionCache.NONE,
            new SessionKeys("benchmark"),
            new GroupCommitConfiguration(1, 10_000, 500, 100_000),
            Runnable::run);
    private final AcquireStream acquireStream = new AcquireStream(store, LEASE);
    private int made;

    @Setup
    public void start() {
        store.start();
    }

    @TearDown
    public void stop() throws InterruptedException {
        store.stop();
    }

    /** All for streams of one session, so that few saves carry them. */
    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public List<AcquireOutcome> oneSession() {
        made = (made + 1) % SESSIONS;
        return answers(IntStream.range(0, REQUESTS)
                .mapToObj(i -> ask(made, i % STREAMS))
                .toList());
    }

    /** Each for a different session. */
    @Benchmark
    @OperationsPerInvocation(REQUESTS)
    public List<AcquireOutcome> manySessions() {
        made = (made + 1) % SESSIONS;
        return answers(IntStream.range(0, REQUESTS)
                .mapToObj(i -> ask((made * REQUESTS + i) % SESSIONS, 0))
                .toList());
    }

    private CompletableFuture<AcquireOutcome> ask(int session, int stream) {
        return acquireStream
                .acquire(
                        new SessionId("session-" + session),
                        new StreamRequest(new StreamId("stream-" + stream), Attributes.NONE),
                        Optional.of(QUOTA))
                .toCompletableFuture();
    }

    private static List<AcquireOutcome> answers(List<CompletableFuture<AcquireOutcome>> asked) {
        return asked.stream().map(CompletableFuture::join).toList();
    }
}
