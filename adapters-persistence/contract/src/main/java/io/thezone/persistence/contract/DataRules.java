package io.thezone.persistence.contract;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.thezone.application.StoreUnavailableException;
import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.SessionId;
import io.thezone.persistence.spi.RejectedDataException;
import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionKey;
import io.thezone.persistence.spi.SessionSave;
import io.thezone.persistence.spi.StoredSession;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a store cannot hold, and what this version of the service cannot read, harms nothing beside it. */
abstract class DataRules extends ConcurrencyRules {
    @ParameterizedTest
    @ValueSource(strings = {"no JSON", "", "{\"a\":\"\\u0000\"}", "{\"a\":\"\\ud800\"}", "{\"a\":1e999999}"})
    void whatAStoreCannotHoldIsRejectedWithItsWholeBatch(String document) {
        List<SessionKey> keys = RandomKeys.sorted(3);
        long version = insert(keys.get(2));
        SessionSave[] batch = {
            saveOf(keys.get(0), StoredSession.ABSENT, OTHER_DOCUMENT),
            saveOf(keys.get(1), StoredSession.ABSENT, document),
            saveOf(keys.get(2), version, OTHER_DOCUMENT)
        };
        try {
            assertEquals(3, save(batch).size());
            String held = held(keys.get(1)).document();
            if (!held.equals(document)) {
                assertSameJson(document, held);
            }
        } catch (RejectedDataException e) {
            assertEquals(
                    Map.of(keys.get(2), held(keys.get(2))),
                    repository().load(keys).sessions());
            assertEquals(version, held(keys.get(2)).version());
        }
    }

    @Test
    void aSessionThatTheStoreRejectsFailsAlone() {
        SessionId poisoned = Node.newSession();
        CountDownLatch open = new CountDownLatch(1);
        TamperedStore picky = new TamperedStore(repository(), open) {
            @Override
            void beforeSave(int save, List<SessionSave> batch) {
                if (batch.stream().anyMatch(it -> it.key().equals(Node.key(poisoned)))) {
                    throw new RejectedDataException(new IllegalArgumentException("poisoned"));
                }
            }
        };
        try (Node node = new Node(picky, SessionCache.NONE)) {
            assertInstanceOf(RejectedDataException.class, failsAlone(node, poisoned, open));
            assertEquals(List.of(), node.streams(poisoned));
        }
    }

    @Test
    void aSessionOfANewerFormatFailsAloneAndStaysAsItIs() {
        SessionId newer = Node.newSession();
        SessionKey key = Node.key(newer);
        Instant now = now();
        save(new SessionSave(key, StoredSession.ABSENT, now, now.plusSeconds(600), 99, DOCUMENT));
        StoredSession before = held(key);
        CountDownLatch open = new CountDownLatch(1);
        try (Node node = new Node(new TamperedStore(repository(), open), SessionCache.NONE)) {
            assertInstanceOf(StoreUnavailableException.class, failsAlone(node, newer, open));
            assertEquals(before, held(key));
        }
    }

    /** In one batch with many others; tells why. */
    private static Throwable failsAlone(Node node, SessionId session, CountDownLatch open) {
        List<CompletableFuture<AcquireOutcome>> neighbours = new ArrayList<>(acquiringTwenty(node));
        CompletableFuture<AcquireOutcome> failing = node.acquiring(session, "one");
        neighbours.addAll(acquiringTwenty(node));
        open.countDown();
        neighbours.forEach(it -> assertInstanceOf(AcquireOutcome.Admitted.class, it.join()));
        return requireNonNull(
                assertThrows(CompletionException.class, failing::join).getCause());
    }

    private static List<CompletableFuture<AcquireOutcome>> acquiringTwenty(Node node) {
        return Stream.generate(Node::newSession)
                .limit(20)
                .map(session -> node.acquiring(session, "one"))
                .toList();
    }
}
