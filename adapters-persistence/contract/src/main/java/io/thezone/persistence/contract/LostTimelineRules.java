package io.thezone.persistence.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.SessionId;
import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.StoredSession;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The engine over a store that lost saves, by an asynchronous failover or a restore, and draws their versions again for other contents. */
public interface LostTimelineRules extends EngineUnderTest {
    @Test
    default void noSavePassesOnContentsThatTheStoreHasLost() {
        SessionId session = Node.newSession();
        RewoundStore store = new RewoundStore(repository(), Node.key(session));
        try (Node remembering = Node.remembering(store, SessionCache.NONE, Node.LEASE);
                Node other = new Node(store, SessionCache.NONE)) {
            loseAStream(session, store, remembering, other);
            assertInstanceOf(AcquireOutcome.Admitted.class, remembering.acquire(session, "last"));
            assertEquals(List.of("kept", "new", "last"), other.streams(session));
            assertInstanceOf(AcquireOutcome.Refused.class, other.acquire(session, "more"));
        }
    }

    @Test
    default void equalVersionsAreNotTakenForEqualContentsWhereNothingIsSaved() {
        SessionId session = Node.newSession();
        RewoundStore store = new RewoundStore(repository(), Node.key(session));
        try (Node remembering = Node.remembering(store, SessionCache.NONE, Node.LEASE);
                Node other = new Node(store, SessionCache.NONE)) {
            loseAStream(session, store, remembering, other);
            assertEquals(List.of("kept", "new"), remembering.streams(session));
        }
    }

    /** One node remembers a stream that is lost, with a version under which the store holds another stream. */
    private static void loseAStream(SessionId session, RewoundStore store, Node remembering, Node other) {
        remembering.acquire(session, "kept");
        StoredSession earlier = store.held();
        remembering.acquire(session, "lost");
        StoredSession lost = store.held();
        store.rewind(earlier);
        other.acquire(session, "new");
        assertEquals(lost.version(), store.held().version());
    }
}
