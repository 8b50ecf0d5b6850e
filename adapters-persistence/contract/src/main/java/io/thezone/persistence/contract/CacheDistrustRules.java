package io.thezone.persistence.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.EndReason;
import io.thezone.domain.EndedStream;
import io.thezone.domain.Lease;
import io.thezone.domain.RenewOutcome;
import io.thezone.domain.SessionId;
import io.thezone.persistence.contract.LyingCache.Lie;
import io.thezone.persistence.spi.SessionCache;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine with a cache: no answer of the engine is wrong, however wrong the cache is. */
public interface CacheDistrustRules extends EngineUnderTest {
    Lease LONGER = new Lease(Duration.ofSeconds(100), Duration.ofSeconds(40));

    @Test
    default void neverMoreThanTheLimitIsAdmittedWithoutACache() {
        EngineOverCache.neverAdmitsTooMany(repository(), SessionCache.NONE, SessionCache.NONE);
    }

    @ParameterizedTest
    @EnumSource
    default void neverMoreThanTheLimitIsAdmittedWhateverTheCacheSays(Lie lie) {
        EngineOverCache.neverAdmitsTooMany(repository(), new LyingCache(lie), new LyingCache(lie));
    }

    @ParameterizedTest
    @EnumSource
    default void noAnswerIsWrongWhateverTheCacheSays(Lie lie) {
        LyingCache one = new LyingCache(lie);
        EngineOverCache.noAnswerIsWrong(repository(), one, new LyingCache(lie));
        assertEquals(lie.answers, one.answered() > 0);
    }

    @Test
    default void aRefusalOfASessionThatTheNodeRemembersIsConfirmedByTheStore() {
        SessionId session = Node.newSession();
        try (Node a = new Node(repository(), SessionCache.NONE);
                Node b = Node.remembering(repository(), SessionCache.NONE, Node.LEASE)) {
            for (int i = 0; i < Node.LIMIT; i++) {
                assertInstanceOf(AcquireOutcome.Admitted.class, b.acquire(session, "s" + i));
            }
            assertInstanceOf(AcquireOutcome.Refused.class, b.acquire(session, "more"));
            a.release(session, "s0");
            assertInstanceOf(AcquireOutcome.Admitted.class, b.acquire(session, "more"));
            assertEquals(List.of("s1", "s2", "more"), a.streams(session));
        }
    }

    @Test
    default void aSessionThatTheNodeTakesForNewIsDecidedAgainOnWhatTheStoreHolds() {
        SessionId session = Node.newSession();
        try (Node a = new Node(repository(), SessionCache.NONE);
                Node b = new Node(repository(), SessionCache.NONE)) {
            b.streams(Node.newSession());
            for (int i = 0; i < Node.LIMIT; i++) {
                assertInstanceOf(AcquireOutcome.Admitted.class, (i == 0 ? a : b).acquire(session, "s" + i));
            }
            assertInstanceOf(AcquireOutcome.Refused.class, b.acquire(session, "more"));
            assertEquals(List.of("s0", "s1", "s2"), a.streams(session));
        }
    }

    /** An early heartbeat changes nothing and is decided on a load; the store refuses the save of any other. */
    @ParameterizedTest
    @ValueSource(ints = {60, 45})
    default void aStreamThatAnotherNodeEndedIsAnsweredAsLostThoughTheCacheStillHasIt(int leaseSeconds) {
        Lease lease = new Lease(Duration.ofSeconds(leaseSeconds), Duration.ofSeconds(20));
        SessionId session = Node.newSession();
        LyingCache stale = new LyingCache(Lie.STALE);
        try (Node a = new Node(repository(), SessionCache.NONE);
                Node b = new Node(repository(), stale, lease)) {
            b.acquire(session, "one");
            assertInstanceOf(RenewOutcome.Renewed.class, b.renew(session, "one"));
            a.release(session, "one");
            int answered = stale.answered();
            RenewOutcome.Lost lost = assertInstanceOf(RenewOutcome.Lost.class, b.renew(session, "one"));
            assertEquals(answered + 1, stale.answered());
            assertEquals(Optional.of(EndReason.RELEASED), lost.end().map(EndedStream::reason));
            assertEquals(List.of(), a.streams(session));
        }
    }

    @Test
    default void anEarlyHeartbeatIsAnsweredWithTheExpiryThatTheStoreHolds() {
        SessionId session = Node.newSession();
        LyingCache stale = new LyingCache(Lie.STALE);
        TamperedStore counting = new TamperedStore(repository());
        try (Node a = new Node(repository(), SessionCache.NONE, LONGER);
                Node b = new Node(counting, stale)) {
            AcquireOutcome.Admitted admitted =
                    assertInstanceOf(AcquireOutcome.Admitted.class, b.acquire(session, "one"));
            RenewOutcome.Renewed renewed = assertInstanceOf(RenewOutcome.Renewed.class, a.renew(session, "one"));
            assertNotEquals(admitted.stream().expiresAt(), renewed.stream().expiresAt());
            int loads = counting.loads.get();
            int saves = counting.saves.get();
            RenewOutcome.Renewed early = assertInstanceOf(RenewOutcome.Renewed.class, b.renew(session, "one"));
            assertEquals(renewed.stream(), early.stream());
            assertEquals(1, stale.answered());
            assertEquals(loads + 1, counting.loads.get());
            assertEquals(saves, counting.saves.get());
        }
    }

    @Test
    default void aGoodCopySavesTheReadOfAHeartbeat() {
        SessionId session = Node.newSession();
        TamperedStore counting = new TamperedStore(repository());
        try (Node node = new Node(counting, new LyingCache(Lie.SLOW), Node.LEASE_OF_SAVED_HEARTBEATS)) {
            node.acquire(session, "one");
            int loads = counting.loads.get();
            assertInstanceOf(RenewOutcome.Renewed.class, node.renew(session, "one"));
            assertEquals(loads, counting.loads.get());
        }
        assertTrue(counting.saves.get() >= 2);
    }

    @Test
    default void whatTheNodeRemembersSavesTheReadOfAnAdmission() {
        SessionId session = Node.newSession();
        TamperedStore counting = new TamperedStore(repository());
        try (Node node = Node.remembering(counting, SessionCache.NONE, Node.LEASE)) {
            node.acquire(session, "one");
            int loads = counting.loads.get();
            assertInstanceOf(AcquireOutcome.Admitted.class, node.acquire(session, "two"));
            assertEquals(loads, counting.loads.get());
            assertEquals(2, counting.saves.get());
        }
    }
}
