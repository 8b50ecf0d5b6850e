package io.thezone.application;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.Attributes;
import io.thezone.domain.EndReason;
import io.thezone.domain.EndedStream;
import io.thezone.domain.Lease;
import io.thezone.domain.ReleaseOutcome;
import io.thezone.domain.RenewOutcome;
import io.thezone.domain.Session;
import io.thezone.domain.SessionId;
import io.thezone.domain.Step;
import io.thezone.domain.Stream;
import io.thezone.domain.StreamId;
import io.thezone.domain.StreamQuota;
import io.thezone.domain.StreamRequest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.junit.jupiter.api.Test;

/** Each use case over a store that keeps sessions in a map. */
class UseCasesTest {
    private static final SessionId ALICE = new SessionId("alice");
    private static final SessionId BOB = new SessionId("bob");
    private static final StreamId TV = new StreamId("tv");
    private static final Optional<StreamQuota> ONE = Optional.of(new StreamQuota("one", 1));
    private static final Lease LEASE = new Lease(Duration.ofSeconds(90), Duration.ofSeconds(30));

    private final MapStore store = new MapStore();
    private final AcquireStream acquireStream = new AcquireStream(store, LEASE);
    private final RenewStream renewStream = new RenewStream(store, LEASE);
    private final ReleaseStream releaseStream = new ReleaseStream(store);
    private final ListStreams listStreams = new ListStreams(store);

    @Test
    void aSessionGetsTheStreamsOfItsPlan() {
        assertInstanceOf(AcquireOutcome.Admitted.class, acquire(ALICE, TV, ONE));
        assertInstanceOf(AcquireOutcome.Refused.class, acquire(ALICE, new StreamId("phone"), ONE));
        assertInstanceOf(AcquireOutcome.Admitted.class, acquire(BOB, TV, ONE));
    }

    @Test
    void withoutAPlanASessionContinuesAStreamAndStartsNone() {
        acquire(ALICE, TV, ONE);
        store.now = store.now.plusSeconds(60);

        AcquireOutcome.Renewed renewed =
                assertInstanceOf(AcquireOutcome.Renewed.class, acquire(ALICE, TV, Optional.empty()));

        assertEquals(store.now.plusSeconds(90), renewed.stream().expiresAt());
        assertInstanceOf(AcquireOutcome.NoPlan.class, acquire(BOB, TV, Optional.empty()));
    }

    @Test
    void aHeartbeatRenewsTheLease() {
        acquire(ALICE, TV, ONE);
        store.now = store.now.plusSeconds(60);

        RenewOutcome.Renewed renewed = assertInstanceOf(RenewOutcome.Renewed.class, renew(ALICE));

        assertEquals(store.now.plusSeconds(90), renewed.stream().expiresAt());
        assertEquals(List.of(renewed.stream()), list(ALICE));
        assertInstanceOf(RenewOutcome.Lost.class, renew(BOB));
    }

    @Test
    void aReleasedStreamMayStartAgainAndAStoppedOneMayNot() {
        acquire(ALICE, TV, ONE);

        assertInstanceOf(ReleaseOutcome.Released.class, join(releaseStream.release(ALICE, TV)));
        assertEquals(List.of(), list(ALICE));
        assertInstanceOf(AcquireOutcome.Admitted.class, acquire(ALICE, TV, ONE));
        assertInstanceOf(ReleaseOutcome.Released.class, join(releaseStream.stop(ALICE, TV)));
        assertInstanceOf(AcquireOutcome.Lost.class, acquire(ALICE, TV, ONE));
        assertEquals(
                Optional.of(EndReason.STOPPED),
                assertInstanceOf(RenewOutcome.Lost.class, renew(ALICE)).end().map(EndedStream::reason));
    }

    @Test
    void aPlayerThatFinishedWithoutAStreamMayStartOne() {
        assertInstanceOf(ReleaseOutcome.NotHeld.class, join(releaseStream.releaseLive(ALICE, TV)));
        assertInstanceOf(AcquireOutcome.Admitted.class, acquire(ALICE, TV, ONE));
        assertInstanceOf(ReleaseOutcome.Released.class, join(releaseStream.releaseLive(ALICE, TV)));
    }

    @Test
    void anUnavailableStoreMayHaveSavedUnlessItIsCertainThatItHasNot() {
        IllegalStateException cause = new IllegalStateException("broken");

        assertTrue(new StoreUnavailableException("no answer").mayHaveSaved());
        assertTrue(new StoreUnavailableException("no answer", cause).mayHaveSaved());
        assertFalse(new StoreUnavailableException("not saved", cause, false).mayHaveSaved());
        assertSame(cause, new StoreUnavailableException("no answer", cause).getCause());
    }

    @Test
    void anOverloadHasAMessageAndCostsNoStackTrace() {
        OverloadedException overload = new OverloadedException("full");

        assertEquals("full", overload.getMessage());
        assertNull(overload.getCause());
        assertEquals(0, overload.getStackTrace().length);
    }

    private AcquireOutcome acquire(SessionId session, StreamId stream, Optional<StreamQuota> plan) {
        return join(acquireStream.acquire(session, new StreamRequest(stream, Attributes.NONE), plan));
    }

    private RenewOutcome renew(SessionId session) {
        return join(renewStream.renew(session, TV));
    }

    private List<Stream> list(SessionId session) {
        return join(listStreams.list(session)).streams();
    }

    private static <R> R join(CompletionStage<R> stage) {
        return stage.toCompletableFuture().join();
    }

    private static final class MapStore implements SessionStore {
        private final Map<SessionId, Session> sessions = new HashMap<>();
        private Instant now = Instant.parse("2026-01-01T12:00:00Z");

        @Override
        public <R> CompletionStage<R> update(SessionId id, SessionTransition<R> transition) {
            Step<R> step = transition.apply(sessions.getOrDefault(id, Session.EMPTY), now);
            sessions.put(id, step.next());
            return CompletableFuture.completedFuture(step.outcome());
        }
    }
}
