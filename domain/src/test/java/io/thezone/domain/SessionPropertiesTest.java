package io.thezone.domain;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.domain.Seeds.Draw;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Random sequences of operations and ticking time, against a model that knows only ids, expiries and ends. */
class SessionPropertiesTest {
    private static final Lease LEASE = new Lease(Duration.ofSeconds(90), Duration.ofSeconds(30));
    private static final Duration EARLY = Duration.ofSeconds(75);

    @Test
    void aSessionDoesWhatTheModelDoes() {
        Seeds.check(1_000, draw -> new Model(draw).check());
    }

    private record End(Instant endedAt, Instant forgetAt, boolean stopped, boolean beforeStart) {
        boolean refusesStart() {
            return stopped || beforeStart;
        }
    }

    private static final class Model {
        private final Draw draw;
        private final int limit;
        private final Map<StreamId, Instant> live = new HashMap<>();
        private final Map<StreamId, End> ends = new LinkedHashMap<>();
        private Session session = Session.EMPTY;
        private Instant now = Instant.parse("2026-01-01T00:00:00Z");

        Model(Draw draw) {
            this.draw = draw;
            this.limit = draw.between(1, 4);
        }

        void check() {
            for (int i = 0; i < 60; i++) {
                tick(draw.between(0, 60));
                StreamId id = new StreamId("s" + draw.between(1, 7));
                switch (draw.between(1, 4)) {
                    case 1 -> acquire(id);
                    case 2 -> renew(id);
                    case 3 -> end(id, false);
                    default -> end(id, true);
                }
                Map<StreamId, Instant> held = new HashMap<>();
                session.list(now).outcome().streams().forEach(stream -> held.put(stream.id(), stream.expiresAt()));
                assertEquals(live, held, this::toString);
                assertTrue(held.size() <= limit, this::toString);
                assertTrue(
                        session.ended().stream()
                                        .filter(EndedStream::beforeStart)
                                        .count()
                                <= 4,
                        this::toString);
            }
        }

        private void tick(int seconds) {
            now = now.plusSeconds(seconds);
            live.forEach((id, expiry) -> {
                if (!now.isBefore(expiry)) {
                    ends.put(id, new End(expiry, expiry.plus(EndedStream.MIN_MEMORY), false, false));
                }
            });
            live.values().removeIf(expiry -> !now.isBefore(expiry));
            ends.values().removeIf(end -> !now.isBefore(end.forgetAt()));
        }

        private void acquire(StreamId id) {
            Step<AcquireOutcome> step =
                    session.acquire(new StreamRequest(id, Attributes.NONE), new StreamQuota("some", limit), LEASE, now);
            session = step.next();
            Class<?> expected;
            if (live.containsKey(id)) {
                expected = AcquireOutcome.Renewed.class;
                heartbeat(id);
            } else if (ends.containsKey(id) && ends.get(id).refusesStart()) {
                expected = AcquireOutcome.Lost.class;
            } else if (live.size() < limit) {
                expected = AcquireOutcome.Admitted.class;
                live.put(id, now.plus(LEASE.duration()));
                ends.remove(id);
            } else {
                expected = AcquireOutcome.Refused.class;
            }
            assertEquals(expected, step.outcome().getClass(), this::toString);
        }

        private void renew(StreamId id) {
            Step<RenewOutcome> step = session.renew(id, LEASE, now);
            session = step.next();
            if (live.containsKey(id)) {
                assertEquals(RenewOutcome.Renewed.class, step.outcome().getClass(), this::toString);
                heartbeat(id);
            } else {
                RenewOutcome.Lost lost = (RenewOutcome.Lost) step.outcome();
                assertEquals(ends.containsKey(id), lost.end().isPresent(), this::toString);
            }
        }

        private void end(StreamId id, boolean stops) {
            Step<ReleaseOutcome> step = stops ? session.stop(id, now) : session.release(id, now);
            session = step.next();
            boolean held = live.remove(id) != null;
            assertEquals(
                    held ? ReleaseOutcome.Released.class : ReleaseOutcome.NotHeld.class,
                    step.outcome().getClass(),
                    this::toString);
            End known = ends.get(id);
            if (held) {
                remember(id, EndedStream.MIN_MEMORY, stops, false);
            } else if (known == null) {
                remember(id, EndedStream.MEMORY_BEFORE_START, stops, true);
            } else if (stops && !known.stopped()) {
                remember(id, Duration.between(known.endedAt(), known.forgetAt()), true, known.beforeStart());
            }
        }

        private void remember(StreamId id, Duration memory, boolean stopped, boolean beforeStart) {
            ends.remove(id);
            ends.put(id, new End(now, now.plus(memory), stopped, beforeStart));
            if (ends.values().stream().filter(End::beforeStart).count() > Session.MAX_ENDED_BEFORE_START) {
                ends.entrySet().stream()
                        .filter(entry -> entry.getValue().beforeStart())
                        .min(Comparator.comparing(entry -> entry.getValue().endedAt()))
                        .map(Map.Entry::getKey)
                        .ifPresent(ends::remove);
            }
        }

        private void heartbeat(StreamId id) {
            live.computeIfPresent(
                    id,
                    (key, expiry) ->
                            Duration.between(now, expiry).compareTo(EARLY) >= 0 ? expiry : now.plus(LEASE.duration()));
        }

        @Override
        public String toString() {
            return "at " + now;
        }
    }
}
