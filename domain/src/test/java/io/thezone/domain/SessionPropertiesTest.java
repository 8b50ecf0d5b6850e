package io.thezone.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/** Random sequences of operations and ticking time, against a model that knows only ids and expiries. */
class SessionPropertiesTest {
    private static final Lease LEASE = new Lease(Duration.ofSeconds(90), Duration.ofSeconds(30));
    private static final Duration EARLY = Duration.ofSeconds(75);

    enum Kind {
        ACQUIRE,
        RENEW,
        RELEASE
    }

    record Operation(Kind kind, StreamId id, int secondsLater) {}

    @Property(tries = 500)
    void aSessionDoesWhatTheModelDoes(@ForAll("operations") List<Operation> operations, @ForAll("limits") int limit) {
        Session session = Session.EMPTY;
        Map<StreamId, Instant> model = new HashMap<>();
        Instant now = Instant.parse("2026-01-01T00:00:00Z");
        for (Operation operation : operations) {
            Instant at = now.plusSeconds(operation.secondsLater());
            now = at;
            model.values().removeIf(expiry -> !at.isBefore(expiry));
            session = switch (operation.kind()) {
                case ACQUIRE -> acquire(session, operation.id(), limit, at, model);
                case RENEW -> renew(session, operation.id(), at, model);
                case RELEASE -> release(session, operation.id(), at, model);
            };
            Map<StreamId, Instant> held = new HashMap<>();
            session.list(at).outcome().streams().forEach(stream -> held.put(stream.id(), stream.expiresAt()));
            assertEquals(model, held);
            assertTrue(held.size() <= limit);
            assertTrue(session.ended().size() <= Session.MAX_ENDED);
        }
    }

    private static Session acquire(Session session, StreamId id, int limit, Instant now, Map<StreamId, Instant> model) {
        Step<AcquireOutcome> step =
                session.acquire(new StreamRequest(id, Attributes.NONE), new StreamQuota("some", limit), LEASE, now);
        Class<?> expected;
        if (model.containsKey(id)) {
            expected = AcquireOutcome.Renewed.class;
            beat(id, now, model);
        } else if (model.size() < limit) {
            expected = AcquireOutcome.Admitted.class;
            model.put(id, now.plus(LEASE.duration()));
        } else {
            expected = AcquireOutcome.Refused.class;
        }
        assertEquals(expected, step.outcome().getClass());
        return step.next();
    }

    private static Session renew(Session session, StreamId id, Instant now, Map<StreamId, Instant> model) {
        Step<RenewOutcome> step = session.renew(id, LEASE, now);
        assertEquals(
                model.containsKey(id) ? RenewOutcome.Renewed.class : RenewOutcome.Lost.class,
                step.outcome().getClass());
        if (model.containsKey(id)) {
            beat(id, now, model);
        }
        return step.next();
    }

    private static Session release(Session session, StreamId id, Instant now, Map<StreamId, Instant> model) {
        Step<ReleaseOutcome> step = session.release(id, now);
        assertEquals(
                model.remove(id) == null ? ReleaseOutcome.NotHeld.class : ReleaseOutcome.Released.class,
                step.outcome().getClass());
        return step.next();
    }

    private static void beat(StreamId id, Instant now, Map<StreamId, Instant> model) {
        model.computeIfPresent(
                id,
                (key, expiry) ->
                        Duration.between(now, expiry).compareTo(EARLY) >= 0 ? expiry : now.plus(LEASE.duration()));
    }

    @Provide
    Arbitrary<List<Operation>> operations() {
        Arbitrary<StreamId> ids = Arbitraries.of("a", "b", "c", "d", "e").map(StreamId::new);
        return Combinators.combine(
                        Arbitraries.of(Kind.class), ids, Arbitraries.integers().between(0, 60))
                .as(Operation::new)
                .list()
                .ofMaxSize(60);
    }

    @Provide
    Arbitrary<Integer> limits() {
        return Arbitraries.integers().between(1, 4);
    }
}
