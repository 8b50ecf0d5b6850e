package io.thezone.persistence.contract;

import static io.thezone.persistence.contract.TestedStore.ABSENT;
import static io.thezone.persistence.contract.TestedStore.DOCUMENT;
import static io.thezone.persistence.contract.TestedStore.OTHER_DOCUMENT;
import static io.thezone.persistence.contract.TestedStore.assertSameJson;
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
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A session that the store cannot hold, or this version of the service cannot read, fails alone. */
public interface DataRules extends EngineUnderTest {
    int FORMAT_OF_THE_SERVICE = 2;

    @ParameterizedTest
    @ValueSource(strings = {"no JSON", "", "{\"a\":\"\\u0000\"}", "{\"a\":\"\\ud800\"}", "{\"a\":1e999999}"})
    default void whatAStoreCannotHoldIsRejectedWithItsWholeBatch(String document) {
        List<SessionKey> keys = RandomKeys.sorted(3);
        StoredSession held = store().insert(keys.get(2));
        SessionSave[] batch = {
            store().saveOf(keys.get(0), ABSENT, OTHER_DOCUMENT),
            store().saveOf(keys.get(1), ABSENT, document),
            store().saveOf(keys.get(2), Optional.of(held), OTHER_DOCUMENT)
        };
        try {
            assertEquals(3, store().save(batch).size());
            String kept = store().held(keys.get(1)).document();
            if (!kept.equals(document)) {
                assertSameJson(document, kept);
            }
        } catch (RejectedDataException e) {
            assertEquals(
                    Map.of(keys.get(2), store().held(keys.get(2))),
                    repository().load(keys).sessions());
            assertEquals(held.version(), store().held(keys.get(2)).version());
        }
    }

    @Test
    default void aSessionThatTheStoreRejectsFailsAlone() {
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
    default void aSessionOfANewerFormatFailsAloneAndStaysAsItIs() {
        SessionId newer = Node.newSession();
        SessionKey key = Node.key(newer);
        Instant now = store().now();
        store().save(new SessionSave(key, ABSENT, now, now.plusSeconds(600), 99, DOCUMENT));
        StoredSession before = store().held(key);
        CountDownLatch open = new CountDownLatch(1);
        try (Node node = new Node(new TamperedStore(repository(), open), SessionCache.NONE)) {
            assertInstanceOf(StoreUnavailableException.class, failsAlone(node, newer, open));
            assertEquals(before, store().held(key));
        }
    }

    /** Such documents come from a repair by hand or a defect. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "null",
                "7",
                "{\"streams\":[null]}",
                "{\"streams\":[{\"start\":1,\"seen\":1,\"until\":2}]}",
                "{\"streams\":[{\"id\":\"a\",\"start\":1,\"seen\":1,\"until\":2},"
                        + "{\"id\":\"a\",\"start\":3,\"seen\":3,\"until\":4}]}",
                "{\"streams\":[{\"id\":\"a\",\"start\":1,\"seen\":1,\"until\":9223372036854775807}]}",
                "{\"streams\":[{\"id\":\"a\",\"start\":-9223372036854775808,\"seen\":1,\"until\":2}]}",
                "{\"streams\":[{\"id\":\"a\",\"start\":1,\"seen\":1,\"until\":2,\"attributes\":{\"device.id\":null}}]}",
                "{\"at\":99999999999999999}",
                "{\"ended\":[{\"id\":\"a\",\"at\":1,\"until\":9007199254740992}]}",
                "{\"ended\":[{\"id\":\"a\",\"reason\":\"SOME\",\"at\":1,\"until\":2}]}"
            })
    default void aSessionThatCannotBeReadFailsAloneAndWorksAgainOnceItIsRepaired(String document) {
        SessionId broken = Node.newSession();
        SessionKey key = Node.key(broken);
        store().saved(inFormat(key, ABSENT, document));
        StoredSession before = store().held(key);
        CountDownLatch open = new CountDownLatch(1);
        try (Node node = new Node(new TamperedStore(repository(), open), SessionCache.NONE)) {
            assertInstanceOf(StoreUnavailableException.class, failsAlone(node, broken, open));
            assertEquals(before, store().held(key));
            store().save(inFormat(key, Optional.of(before), "{}"));
            assertInstanceOf(AcquireOutcome.Admitted.class, node.acquire(broken, "one"));
        }
    }

    @Test
    default void aSessionThatTheStoreCannotReadFailsAlone() {
        SessionId unreadable = Node.newSession();
        store().insert(Node.key(unreadable));
        CountDownLatch open = new CountDownLatch(1);
        TamperedStore damaged = new TamperedStore(repository(), open) {
            @Override
            void beforeLoad(Collection<SessionKey> keys) {
                if (keys.contains(Node.key(unreadable))) {
                    throw new RejectedDataException(new IllegalArgumentException("a damaged block"));
                }
            }
        };
        try (Node node = new Node(damaged, SessionCache.NONE)) {
            assertInstanceOf(StoreUnavailableException.class, failsAlone(node, unreadable, open));
        }
    }

    private SessionSave inFormat(SessionKey key, Optional<StoredSession> base, String document) {
        Instant now = store().now();
        return new SessionSave(key, base, now, now.plusSeconds(600), FORMAT_OF_THE_SERVICE, document);
    }

    /** Decides the session in one batch with many others; returns why it failed. */
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

    private TestedStore store() {
        return new TestedStore(repository());
    }
}
