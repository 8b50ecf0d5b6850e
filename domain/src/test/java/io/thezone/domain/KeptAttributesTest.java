package io.thezone.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A repeated request, which may know less of a stream than the first one, changes only the attributes that it has. */
class KeptAttributesTest {
    private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
    private static final Lease LEASE = new Lease(Duration.ofSeconds(90), Duration.ofSeconds(30));
    private static final Restart AT_ONCE = new Restart(Duration.ZERO, true);
    private static final StreamQuota THREE = new StreamQuota("three", 3);

    private Session session = Session.EMPTY;

    @Test
    void anAttributeThatTheRequestDoesNotHaveStays() {
        ask(THREE, "one", Map.of("asset.id", "movie", "device.id", "tv", "device.name", "TV"));

        assertEquals(
                Map.of("asset.id", "series", "device.id", "tv", "device.name", "TV"),
                granted(ask(THREE, "one", Map.of("asset.id", "series"))));
    }

    @Test
    void aRequestWithoutAnythingNewChangesNothing() {
        ask(THREE, "one", Map.of("asset.id", "movie", "device.id", "tv"));
        Session before = session;

        ask(THREE, "one", Map.of("device.id", "tv"));
        ask(THREE, "one", Map.of());

        assertSame(before, session);
    }

    @Test
    void theWholeStreamIsJudgedAndNotOnlyWhatIsNew() {
        QuotaRule rule = new QuotaRule(
                "one-live-tv",
                1,
                List.of(
                        new QuotaRule.Condition("asset.type", Set.of("live")),
                        new QuotaRule.Condition("device.type", Set.of("tv"))),
                Optional.empty(),
                Optional.empty(),
                false);
        StreamQuota oneLiveTv = new StreamQuota("plan", 3, List.of(rule), WhenFull.REFUSE, List.of(), Reclaim.NONE);
        ask(oneLiveTv, "one", Map.of("asset.type", "live", "device.type", "tv"));
        ask(oneLiveTv, "two", Map.of("asset.type", "live", "device.type", "phone"));

        AcquireOutcome moved = ask(oneLiveTv, "two", Map.of("device.type", "tv"));

        assertEquals(
                "one-live-tv",
                assertInstanceOf(AcquireOutcome.Refused.class, moved).rule().name());
    }

    @Test
    void anEndedStreamHasNoAttributesToKeep() {
        ask(THREE, "one", Map.of("asset.id", "movie"));
        session = session.release(new StreamId("one"), NOON).next();

        assertEquals(Map.of("device.id", "tv"), granted(ask(THREE, "one", Map.of("device.id", "tv"))));
    }

    @Test
    void ifTogetherThereAreTooManyThoseOfTheRequestCount() {
        Map<String, String> most = new HashMap<>();
        for (int i = 0; i < Attributes.MAX_CUSTOM; i++) {
            most.put("custom.c" + i, "a");
        }
        ask(THREE, "one", most);

        Map<String, String> changed = new HashMap<>(most);
        changed.put("custom.c0", "b");
        assertEquals(changed, granted(ask(THREE, "one", Map.of("custom.c0", "b"))));
        assertEquals(Map.of("custom.d", "b"), granted(ask(THREE, "one", Map.of("custom.d", "b"))));
    }

    private AcquireOutcome ask(StreamQuota plan, String stream, Map<String, String> attributes) {
        Step<AcquireOutcome> step = session.acquire(
                StreamRequest.repeated(new StreamId(stream), new Attributes(attributes), AT_ONCE), plan, LEASE, NOON);
        session = step.next();
        return step.outcome();
    }

    private static Map<String, String> granted(AcquireOutcome outcome) {
        return assertInstanceOf(AcquireOutcome.Granted.class, outcome).stream()
                .attributes()
                .values();
    }
}
