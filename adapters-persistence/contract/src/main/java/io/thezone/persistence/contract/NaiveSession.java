package io.thezone.persistence.contract;

import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.ReleaseOutcome;
import io.thezone.domain.RenewOutcome;
import io.thezone.domain.SessionId;
import java.util.ArrayList;
import java.util.List;

/** What a session would answer if there were one thread, one node and no store. */
final class NaiveSession {
    final SessionId id = Node.newSession();
    private final List<String> streams = new ArrayList<>();

    /** Asks the node for one of the four operations; tells what it should have said beside what it said. */
    Answers ask(Node node, int operation, String stream) {
        return switch (operation) {
            case 0 -> new Answers(acquire(stream), node.acquire(id, stream).getClass());
            case 1 ->
                new Answers(
                        streams.contains(stream) ? RenewOutcome.Renewed.class : RenewOutcome.Lost.class,
                        node.renew(id, stream).getClass());
            case 2 ->
                new Answers(
                        streams.remove(stream) ? ReleaseOutcome.Released.class : ReleaseOutcome.NotHeld.class,
                        node.release(id, stream).getClass());
            default -> new Answers(List.copyOf(streams), node.streams(id));
        };
    }

    private Class<?> acquire(String stream) {
        if (streams.contains(stream)) {
            return AcquireOutcome.Renewed.class;
        }
        if (streams.size() == Node.LIMIT) {
            return AcquireOutcome.Refused.class;
        }
        streams.add(stream);
        return AcquireOutcome.Admitted.class;
    }

    record Answers(Object expected, Object actual) {}
}
