package io.thezone.persistence.spi;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What a store must offer: two batch methods over versioned documents, and a clock. Called by several threads at once. Any
 * exception but {@link RejectedDataException} and {@link NotSavedException} is taken as "did not answer; whether something was
 * saved is not known".
 *
 * <p>{@code SessionRepositoryContract} holds every store to the rules below.
 */
public interface SessionRepository {
    /** How long after its decision a save is still taken, in seconds of the store's clock. */
    int MAX_DECISION_AGE_SECONDS = 2;

    /**
     * Reads sessions.
     *
     * @param keys each once; none at all asks for the store's time only
     * @throws RejectedDataException if the store cannot read one of them; the others can be read without it
     */
    LoadedSessions load(Collection<SessionKey> keys);

    /**
     * Saves each session, on its own, if the store holds just what it is based on. All in one atomic statement and durable
     * on return.
     *
     * <ul>
     *   <li>Version, format and document are compared: after a failover that lost saves, or a restore, the same version may be
     *       drawn again for other contents. A store that keeps JSON in a form of its own compares it as JSON.
     *   <li>An absent session is no match for any base; only a save without one inserts.
     *   <li>A save decided more than {@value #MAX_DECISION_AGE_SECONDS} seconds ago by the store's clock is not taken: the
     *       node was paused in between and must decide again.
     *   <li>A new version is greater than every version before it that the store has not lost, of whatever session, removed
     *       ones included.
     * </ul>
     *
     * @param saves in the order of their keys, each key once
     * @throws RejectedDataException if the store cannot hold one of them; then none is saved
     * @throws NotSavedException if the store takes no save now, for reasons of its own, and surely saved none; a store that
     *     cannot tell need not throw it
     */
    SavedSessions saveIfUnchanged(List<SessionSave> saves);

    /**
     * Removes sessions whose {@code lapsesAt} has passed by the store's clock. Called now and then; does nothing by default,
     * for stores that expire on their own.
     *
     * @return how many were removed
     */
    default long removeLapsed() {
        return 0;
    }

    /** What the nodes that use this store agree on; nothing by default, as is right for a store that one process has to itself. */
    default Optional<SharedFacts> facts() {
        return Optional.empty();
    }
}
