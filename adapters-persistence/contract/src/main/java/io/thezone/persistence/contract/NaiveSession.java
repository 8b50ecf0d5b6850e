package io.thezone.persistence.contract;

import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.ReleaseOutcome;
import io.thezone.domain.RenewOutcome;
import io.thezone.domain.Session;
import io.thezone.domain.SessionId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What a session would answer if there were one thread, one node and no store. */
final class NaiveSession {
    final SessionId id = Node.newSession();
    private final List<String> streams = new ArrayList<>();
    private final Set<String> known = new HashSet<>();

    /** Ended before they were known. */
    private final List<String> refused = new ArrayList<>();

    /** Asks the node for one of the four operations; tells what it should have said beside what it said. */
    Answers ask(Node node, int operation, String stream) {
        return switch (operation) {
            case 0 -> new Answers(acquire(stream), node.acquire(id, stream).getClass());
            case 1 ->
                new Answers(
                        streams.contains(stream) ? RenewOutcome.Renewed.class : RenewOutcome.Lost.class,
                        node.renew(id, stream).getClass());
            case 2 -> new Answers(release(stream), node.release(id, stream).getClass());
            default -> new Answers(List.copyOf(streams), node.streams(id));
        };
    }

    private Class<?> acquire(String stream) {
        if (streams.contains(stream)) {
            return AcquireOutcome.Renewed.class;
        }
        if (refused.contains(stream)) {
            return AcquireOutcome.Lost.class;
        }
        if (streams.size() == Node.LIMIT) {
            return AcquireOutcome.Refused.class;
        }
        streams.add(stream);
        known.add(stream);
        return AcquireOutcome.Admitted.class;
    }

    private Class<?> release(String stream) {
        if (streams.remove(stream)) {
            return ReleaseOutcome.Released.class;
        }
        if (!known.contains(stream) && !refused.contains(stream)) {
            refused.add(stream);
            if (refused.size() > Session.MAX_ENDED_BEFORE_START) {
                refused.remove(0);
            }
        }
        return ReleaseOutcome.NotHeld.class;
    }

    record Answers(Object expected, Object actual) {}
}
