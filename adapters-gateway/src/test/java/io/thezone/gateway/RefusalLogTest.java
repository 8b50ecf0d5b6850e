package io.thezone.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import com.google.common.base.Ticker;
import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.Attributes;
import io.thezone.domain.ExhaustedRule;
import io.thezone.domain.Lease;
import io.thezone.domain.QuotaRule;
import io.thezone.domain.Reclaim;
import io.thezone.domain.Session;
import io.thezone.domain.Stream;
import io.thezone.domain.StreamId;
import io.thezone.domain.StreamQuota;
import io.thezone.domain.StreamRequest;
import io.thezone.domain.WhenFull;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RefusalLogTest {
    private static final Duration MEMORY = Duration.ofMinutes(15);

    private final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 5);
    private final RefusalLog log = new RefusalLog(3, MEMORY, new Ticker() {
        @Override
        public long read() {
            return nanos.get();
        }
    });

    @Test
    void aRefusalIsFoundByItsId() {
        String id = add("a");

        assertEquals(Optional.of("a"), find(id));
    }

    @Test
    void theOldestMakesRoomForTheNewest() {
        String first = add("a");
        String second = add("b");
        add("c");
        add("d");

        assertEquals(Optional.empty(), find(first));
        assertEquals(Optional.of("b"), find(second));
    }

    @Test
    void aRefusalIsForgottenInTime() {
        String id = add("a");

        nanos.addAndGet(MEMORY.toNanos() - 1);
        assertEquals(Optional.of("a"), find(id));
        nanos.incrementAndGet();
        assertEquals(Optional.empty(), find(id));
    }

    @Test
    void anIdThatWasNotGivenFindsNothing() {
        String id = add("a");

        for (String other : List.of("", "-", "x", id + "0")) {
            assertEquals(Optional.empty(), find(other), other);
        }
        assertNotEquals(id, add("b"));
    }

    @Test
    void whatIsKeptOfARefusalIsSmall() {
        QuotaRule tvs = new QuotaRule(
                "tvs",
                1,
                List.of(new QuotaRule.Condition(Attributes.DEVICE_TYPE, Set.of("tv"))),
                Optional.empty(),
                Optional.empty(),
                false);
        StreamQuota quota = new StreamQuota("plan", 100, List.of(tvs), WhenFull.REFUSE, List.of(), Reclaim.NONE);
        Attributes much = new Attributes(
                Map.of(Attributes.DEVICE_TYPE, "tv", Attributes.DEVICE_NAME, "x".repeat(Attributes.MAX_LENGTH)));
        Stream stream =
                new Stream(new StreamId("s"), much, Instant.EPOCH, Instant.EPOCH, Instant.EPOCH.plusSeconds(90));

        RefusalLog.Entry entry =
                log.add(quota, refused(new ExhaustedRule("tvs", 1, 50, Collections.nCopies(50, stream))));

        assertEquals(50, entry.count());
        assertEquals(RefusalLog.MAX_STREAMS, entry.streams().size());
        assertEquals(
                Map.of(Attributes.DEVICE_TYPE, "tv"),
                entry.streams().get(0).attributes().values());
    }

    private String add(String plan) {
        return log.add(new StreamQuota(plan, 1), refused(new ExhaustedRule("limit", 1, 1, List.of())))
                .id();
    }

    /** When there is room again matters to nobody here. */
    private static AcquireOutcome.Refused refused(ExhaustedRule rule) {
        QuotaRule none = new QuotaRule("none", 0, List.of(), Optional.empty(), Optional.empty(), false);
        StreamQuota quota = new StreamQuota("plan", 1, List.of(none), WhenFull.REFUSE, List.of(), Reclaim.NONE);
        AcquireOutcome outcome = Session.EMPTY
                .acquire(
                        new StreamRequest(new StreamId("s"), Attributes.NONE),
                        quota,
                        new Lease(Duration.ofSeconds(90), Duration.ofSeconds(30)),
                        Instant.EPOCH)
                .outcome();
        return new AcquireOutcome.Refused(rule, ((AcquireOutcome.Refused) outcome).nextRoom(), Instant.EPOCH);
    }

    private Optional<String> find(String id) {
        return log.find(id).map(entry -> entry.plan().name());
    }
}
