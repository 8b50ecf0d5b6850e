package io.thezone.persistence.engine;

import io.thezone.domain.Attributes;
import io.thezone.domain.Session;
import io.thezone.domain.Stream;
import io.thezone.domain.StreamId;
import io.thezone.persistence.spi.StoredSession;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
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
import org.openjdk.jmh.annotations.Warmup;

/** Measures encoding and decoding of a session; it is in this package because these classes are package-private. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class DocumentBenchmark {
    @Param({"1", "3"})
    public int streams;

    private Session session = Session.EMPTY;
    private StoredSession stored = new StoredSession(1, SessionDocument.FORMAT, "{}");

    @Setup
    public void fill() {
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        session = new Session(
                IntStream.range(0, streams)
                        .mapToObj(i -> new Stream(
                                new StreamId("6f1c8a52-3c39-4a39-8b5f-1a2b3c4d5e6" + i),
                                new Attributes(Map.of(Attributes.DEVICE_TYPE, "tv", Attributes.ASSET_ID, "asset-" + i)),
                                now,
                                now,
                                now.plusSeconds(90)))
                        .toList(),
                List.of(),
                now);
        stored = new StoredSession(1, SessionDocument.FORMAT, SessionDocument.write(session, SessionDocument.FORMAT));
    }

    @Benchmark
    public String encode() {
        return SessionDocument.write(session, SessionDocument.FORMAT);
    }

    @Benchmark
    public Session decode() {
        return SessionDocument.read(stored);
    }
}
