package io.thezone.persistence.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.thezone.domain.AcquireOutcome;
import io.thezone.persistence.spi.SessionCache;
import io.thezone.persistence.spi.SessionRepository;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/** Two nodes over one store, each with a cache, one with a memory too: what must hold however wrong caches and memory are. */
final class EngineOverCache {
    private static final int OPERATIONS = 120;

    private EngineOverCache() {}

    /** Over one node, then over both. */
    static void neverAdmitsTooMany(SessionRepository store, SessionCache one, SessionCache other) {
        try (Node a = new Node(store, one);
                Node b = Node.remembering(store, other, Node.LEASE)) {
            for (List<Node> nodes : List.of(List.of(a), List.of(a, b))) {
                NaiveSession session = new NaiveSession();
                List<CompletableFuture<AcquireOutcome>> answers = new ArrayList<>();
                for (int i = 0; i < 200; i++) {
                    answers.add(nodes.get(i % nodes.size()).acquiring(session.id, "s" + i));
                }
                assertEquals(Node.LIMIT, admitted(answers));
                for (Node node : nodes) {
                    assertEquals(Node.LIMIT, node.streams(session.id).size());
                }
            }
        }
    }

    /** A random walk over some sessions, now through this node and now through that. */
    static void noAnswerIsWrong(SessionRepository store, SessionCache one, SessionCache other) {
        try (Node a = new Node(store, one);
                Node b = Node.remembering(store, other, Node.LEASE_OF_SAVED_HEARTBEATS)) {
            List<NaiveSession> sessions =
                    Stream.generate(NaiveSession::new).limit(3).toList();
            Random random = new Random(1);
            for (int i = 0; i < OPERATIONS; i++) {
                NaiveSession session = sessions.get(random.nextInt(sessions.size()));
                NaiveSession.Answers answers =
                        session.ask(random.nextBoolean() ? a : b, random.nextInt(4), "s" + random.nextInt(6));
                assertEquals(answers.expected(), answers.actual(), "operation " + i);
            }
        }
    }

    static long admitted(List<CompletableFuture<AcquireOutcome>> answers) {
        return answers.stream()
                .map(CompletableFuture::join)
                .filter(AcquireOutcome.Admitted.class::isInstance)
                .count();
    }
}
