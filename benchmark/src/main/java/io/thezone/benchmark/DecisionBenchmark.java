package io.thezone.benchmark;

import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.Attributes;
import io.thezone.domain.Lease;
import io.thezone.domain.QuotaRule;
import io.thezone.domain.QuotaRule.Condition;
import io.thezone.domain.Reclaim;
import io.thezone.domain.Session;
import io.thezone.domain.Step;
import io.thezone.domain.StreamId;
import io.thezone.domain.StreamQuota;
import io.thezone.domain.StreamRequest;
import io.thezone.domain.WhenFull;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Measures decisions of a plan with ten rules about an eleventh stream. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 2)
@Measurement(iterations = 5, time = 2)
public class DecisionBenchmark {
    private static final int STREAMS = 10;
    private static final Lease LEASE = new Lease(Duration.ofSeconds(90), Duration.ofSeconds(30));
    private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

    private Session session = Session.EMPTY;
    private StreamQuota roomy = plan(20, WhenFull.REFUSE);
    private StreamQuota full = plan(2, WhenFull.REFUSE);
    private StreamQuota evicting = plan(2, WhenFull.END_OLDEST);
    private StreamRequest request = request(STREAMS);

    @Setup
    public void watch() {
        StreamQuota hundred = new StreamQuota("hundred", 100);
        session = Session.EMPTY;
        for (int i = 0; i < STREAMS; i++) {
            session = session.acquire(request(i), hundred, LEASE, NOW.plusSeconds(i))
                    .next();
        }
        roomy = plan(20, WhenFull.REFUSE);
        full = plan(2, WhenFull.REFUSE);
        evicting = plan(2, WhenFull.END_OLDEST);
        request = request(STREAMS);
    }

    @Benchmark
    public Step<AcquireOutcome> admitted() {
        return session.acquire(request, roomy, LEASE, NOW.plusSeconds(STREAMS));
    }

    /** Refused by the last rule. */
    @Benchmark
    public Step<AcquireOutcome> refused() {
        return session.acquire(request, full, LEASE, NOW.plusSeconds(STREAMS));
    }

    @Benchmark
    public Step<AcquireOutcome> evicting() {
        return session.acquire(request, evicting, LEASE, NOW.plusSeconds(STREAMS));
    }

    /** @param last the limit of the last rule; the other rules are not used up */
    private static StreamQuota plan(int last, WhenFull whenFull) {
        Condition live = new Condition(Attributes.ASSET_TYPE, Set.of("live"));
        Condition tv = new Condition(Attributes.DEVICE_TYPE, Set.of("tv"));
        Condition away = new Condition(Attributes.LOCATION, Set.of("away", Attributes.UNKNOWN));
        Condition sharp = new Condition(Attributes.CUSTOM + "resolution", Set.of("2160p"));
        return new StreamQuota(
                "ten-rules",
                20,
                List.of(
                        rule("live", 20, List.of(live), "", ""),
                        rule("tvs", 20, List.of(tv), "", ""),
                        rule("live-tvs", 20, List.of(live, tv), "", ""),
                        rule("away", 20, List.of(away), "", ""),
                        rule("per-asset", 20, List.of(), Attributes.ASSET_ID, ""),
                        rule("per-profile", 20, List.of(), Attributes.PROFILE, ""),
                        rule("devices", 20, List.of(), "", Attributes.DEVICE_ID),
                        rule("devices-per-profile", 20, List.of(), Attributes.PROFILE, Attributes.DEVICE_ID),
                        rule("sharp", 20, List.of(sharp), "", ""),
                        rule("channel", last, List.of(live), Attributes.ASSET_CHANNEL, "")),
                whenFull,
                List.of(),
                Reclaim.SAME_ASSET);
    }

    private static QuotaRule rule(String name, int limit, List<Condition> where, String per, String distinct) {
        return new QuotaRule(name, limit, where, optional(per), optional(distinct), false);
    }

    private static Optional<String> optional(String attribute) {
        return attribute.isEmpty() ? Optional.empty() : Optional.of(attribute);
    }

    private static StreamRequest request(int number) {
        return new StreamRequest(
                new StreamId("stream-" + number),
                new Attributes(Map.of(
                        Attributes.DEVICE_ID,
                        "device-" + number,
                        Attributes.DEVICE_TYPE,
                        "tv",
                        Attributes.ASSET_ID,
                        "asset-" + number,
                        Attributes.ASSET_TYPE,
                        "live",
                        Attributes.ASSET_CHANNEL,
                        "channel-" + number % 3,
                        Attributes.PROFILE,
                        "profile-" + number % 4,
                        Attributes.LOCATION,
                        "away",
                        Attributes.CUSTOM + "resolution",
                        "2160p")));
    }
}
