package io.thezone.persistence.spi;

import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * What a store must offer: two batch methods over versioned documents, and a clock. Implementations are thread-safe. After any
 * exception but {@link RejectedDataException} and {@link NotSavedException} the engine assumes that something may have been saved.
 * A call ends within {@link TimeLimits#STORE_CALL}.
 *
 * <p>{@code SessionRepositoryContract} holds every store to the rules below.
 */
public interface SessionRepository {
    /**
     * Reads sessions.
     *
     * @param keys each key once; no keys to read only the store's time
     * @throws RejectedDataException if the store cannot read one of them; the others can be read in another call
     */
    LoadedSessions load(Collection<SessionKey> keys);

    /**
     * Saves each session, independently of the others, if the store holds exactly what the save is based on. The call is atomic,
     * and durable on return.
     *
     * <ul>
     *   <li>Version, format and document are compared: after a failover that lost saves, or a restore, the same version may be
     *       drawn again for other contents. A store that keeps JSON in a form of its own compares it as JSON.
     *   <li>An absent session matches no base. Only a save without a base inserts.
     *   <li>A save decided more than {@link TimeLimits#DECISION_AGE} ago by the store's clock is not saved: the node was paused in
     *       between and must decide again.
     *   <li>A new version is greater than all earlier ones that the store has not lost, of all sessions, removed ones included.
     * </ul>
     *
     * @param saves in the order of their keys, each key once
     * @throws RejectedDataException if the store cannot hold one of them; then none is saved
     * @throws NotSavedException if the store takes no saves now and certainly saved none; optional
     */
    SavedSessions saveIfUnchanged(List<SessionSave> saves);

    /**
     * Removes sessions whose {@code lapsesAt} has passed by the store's clock. Called every minute. By default nothing is removed,
     * for stores that expire sessions themselves.
     *
     * @return how many were removed
     */
    default long removeLapsed() {
        return 0;
    }

    /** Values shared by all nodes that use this store. Empty by default, for a store that only one process uses. */
    default Optional<SharedFacts> facts() {
        return Optional.empty();
    }
}
