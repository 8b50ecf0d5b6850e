package io.thezone.persistence.engine;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.Attributes;
import io.thezone.domain.Lease;
import io.thezone.domain.RenewOutcome;
import io.thezone.domain.SessionId;
import io.thezone.domain.StreamId;
import io.thezone.domain.StreamQuota;
import io.thezone.domain.StreamRequest;
import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionKey;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** An engine whose store and monotonic clock are in the test's hands. */
@Timeout(60)
abstract class EngineUnderTest {
    static final StreamQuota QUOTA = new StreamQuota("hundred", 100);

    private static final Lease LEASE = new Lease(Duration.ofSeconds(60), Duration.ofSeconds(20));
    /** For what a test waits for; far longer than it takes. Many a mutant never comes to an end: there it is set to less. */
    static final int LIMIT_SECONDS = Integer.getInteger("limitSeconds", 20);

    final HeldStore store = new HeldStore();
    final AtomicLong nanos = new AtomicLong(Long.MAX_VALUE - 1_000);
    final AtomicInteger runs = new AtomicInteger();
    final SessionKeys keys = new SessionKeys("a secret");

    /** In which it writes. */
    volatile int format = SessionFormat.NEWEST;

    private @Nullable GroupCommitSessionStore engine;

    @AfterEach
    void stopEngine() throws InterruptedException {
        store.release();
        engine().stop();
    }

    final GroupCommitSessionStore engine() {
        return Objects.requireNonNull(engine, "start it first");
    }

    final void start(GroupCommitConfiguration settings) {
        start(settings, SessionCache.NONE, Runnable::run);
    }

    final void start(GroupCommitConfiguration settings, SessionCache cache, Executor answering) {
        engine = new GroupCommitSessionStore(store, cache, keys, settings, answering, () -> format, nanos::get);
        engine().start();
    }

    final void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    final CompletableFuture<AcquireOutcome> acquire(String session, String stream) {
        return acquire(session, stream, QUOTA);
    }

    final CompletableFuture<AcquireOutcome> acquire(String session, String stream, StreamQuota quota) {
        StreamRequest request = new StreamRequest(new StreamId(stream), Attributes.NONE);
        return engine().update(new SessionId(session), (current, now) -> {
                    runs.incrementAndGet();
                    return current.acquire(request, quota, LEASE, now);
                })
                .toCompletableFuture();
    }

    final void heartbeat(String session, String stream) throws Exception {
        assertInstanceOf(
                RenewOutcome.Renewed.class,
                answer(engine().update(
                                new SessionId(session),
                                (current, now) -> current.renew(new StreamId(stream), LEASE, now))));
    }

    final SessionKey key(String session) {
        return keys.of(new SessionId(session));
    }

    /** Lets one batch with a session of its own get as far as the store, where it is held. */
    final CompletableFuture<AcquireOutcome> occupyTheWriter() {
        int before = store.loads.size();
        store.holdLoads();
        CompletableFuture<AcquireOutcome> first = acquire("occupying", "one");
        eventually(() -> store.loads.size() > before);
        return first;
    }

    static AcquireOutcome.Admitted admitted(CompletableFuture<AcquireOutcome> answer) throws Exception {
        return assertInstanceOf(AcquireOutcome.Admitted.class, answer(answer));
    }

    /** Waits for an answer, but not for ever. */
    static <R> R answer(CompletionStage<R> answer) throws Exception {
        return answer.toCompletableFuture().get(LIMIT_SECONDS, TimeUnit.SECONDS);
    }

    static <T extends Throwable> T failure(Class<T> type, CompletableFuture<?> answer) {
        return assertInstanceOf(
                type,
                assertThrows(ExecutionException.class, () -> answer(answer)).getCause());
    }

    static void eventually(BooleanSupplier condition) {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LIMIT_SECONDS);
        while (!condition.getAsBoolean()) {
            assertTrue(System.nanoTime() - end < 0, "it never happened");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }
}
