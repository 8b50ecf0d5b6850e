package io.thezone.persistence.contract;

import io.thezone.application.AcquireStream;
import io.thezone.application.ListStreams;
import io.thezone.application.ReleaseStream;
import io.thezone.application.RenewStream;
import io.thezone.application.SessionTransition;
import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.Attributes;
import io.thezone.domain.Lease;
import io.thezone.domain.ReleaseOutcome;
import io.thezone.domain.RenewOutcome;
import io.thezone.domain.SessionId;
import io.thezone.domain.Stream;
import io.thezone.domain.StreamId;
import io.thezone.domain.StreamQuota;
import io.thezone.domain.StreamRequest;
import io.thezone.persistence.engine.GroupCommitConfiguration;
import io.thezone.persistence.engine.GroupCommitSessionStore;
import io.thezone.persistence.engine.SessionKeys;
import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.SessionRepository;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A node over a store and a cache: the engine, and the use cases over it. */
final class Node implements AutoCloseable {
    static final int LIMIT = 3;

    static final StreamQuota QUOTA = new StreamQuota("three", LIMIT);

    /** A heartbeat right after another is early: it writes nothing. */
    static final Lease LEASE = new Lease(Duration.ofSeconds(60), Duration.ofSeconds(20));

    /** Shorter than 2.5 heartbeats, so that every heartbeat is saved. */
    static final Lease LEASE_OF_SAVED_HEARTBEATS = new Lease(Duration.ofSeconds(45), Duration.ofSeconds(20));

    private static final SessionKeys KEYS = new SessionKeys("a secret of the contract");
    private static final int REMEMBERED = 50;

    private final GroupCommitSessionStore engine;
    private final Lease lease;

    private Node(SessionRepository repository, SessionCache cache, Lease lease, int recentSessions) {
        GroupCommitConfiguration settings = new GroupCommitConfiguration(2, 10_000, 50, recentSessions);
        this.engine = new GroupCommitSessionStore(repository, cache, KEYS, settings, Runnable::run);
        this.lease = lease;
        engine.start();
    }

    /** A node that remembers no session. */
    Node(SessionRepository repository, SessionCache cache, Lease lease) {
        this(repository, cache, lease, 0);
    }

    Node(SessionRepository repository, SessionCache cache) {
        this(repository, cache, LEASE);
    }

    /** A node that remembers the last sessions. */
    static Node remembering(SessionRepository repository, SessionCache cache, Lease lease) {
        return new Node(repository, cache, lease, REMEMBERED);
    }

    static SessionId newSession() {
        return new SessionId(RandomKeys.name());
    }

    static SessionKey key(SessionId session) {
        return KEYS.of(session);
    }

    CompletableFuture<AcquireOutcome> acquiring(SessionId session, String stream) {
        return new AcquireStream(engine, lease)
                .acquire(session, new StreamRequest(new StreamId(stream), Attributes.NONE), Optional.of(QUOTA))
                .toCompletableFuture();
    }

    AcquireOutcome acquire(SessionId session, String stream) {
        return acquiring(session, stream).join();
    }

    CompletableFuture<RenewOutcome> renewing(SessionId session, String stream) {
        return new RenewStream(engine, lease)
                .renew(session, new StreamId(stream))
                .toCompletableFuture();
    }

    RenewOutcome renew(SessionId session, String stream) {
        return renewing(session, stream).join();
    }

    ReleaseOutcome release(SessionId session, String stream) {
        return new ReleaseStream(engine)
                .release(session, new StreamId(stream))
                .toCompletableFuture()
                .join();
    }

    /** Oldest first. */
    List<String> streams(SessionId session) {
        return new ListStreams(engine)
                .list(session).toCompletableFuture().join().streams().stream()
                        .map(Stream::id)
                        .map(StreamId::value)
                        .toList();
    }

    <R> CompletableFuture<R> updating(SessionId session, SessionTransition<R> transition) {
        return engine.update(session, transition).toCompletableFuture();
    }

    @Override
    public void close() {
        try {
            engine.stop();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted before the engine had stopped", e);
        }
    }
}
