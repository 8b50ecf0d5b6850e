package io.thezone.persistence.spi;

import java.time.Duration;

/**
 * The time limits of a request on its way through queue, cache and store. What waits inside gives up before what waits for it:
 *
 * <ul>
 *   <li>store: {@link #ROW_LOCK}, {@link #STATEMENT}, {@link #STORE_CALL}, {@link #ANSWER}, {@link #DECISION_AGE},
 *       {@link #DRAIN};
 *   <li>queue: {@link #QUEUE_ALARM}, {@link #QUEUE}, {@link #ANSWER};
 *   <li>cache: {@link #CACHE_READ_MILLIS}, {@link #STATEMENT}.
 * </ul>
 *
 * <p>Clients have 10 s and more for their part of a connection.
 */
public final class TimeLimits {
    /** For a read from the cache, at most; the configuration gives it less. A number, for use in annotations. */
    public static final long CACHE_READ_MILLIS = 500;

    /** For a row lock in the store, and for a free connection to it. */
    public static final Duration ROW_LOCK = Duration.ofMillis(500);

    /** For a statement, as the store's server measures it. */
    public static final Duration STATEMENT = Duration.ofMillis(800);

    /** For an answer of the store, as the node measures it. A health check waits as long. */
    public static final Duration STORE_CALL = Duration.ofSeconds(1);

    /** The wait in a writer's queue from which on the health check of the queue reports it. */
    public static final Duration QUEUE_ALARM = Duration.ofMillis(900);

    /** For the wait in a writer's queue; after that a request is turned away, and nothing was changed. */
    public static final Duration QUEUE = Duration.ofSeconds(1);

    /** From the arrival of a request at the engine to its answer; after that it fails, whether it is saved or not. */
    public static final Duration ANSWER = Duration.ofMillis(1_800);

    /** From a decision to its save, by the store's clock. Stores save no older decision: the node was paused in between. */
    public static final Duration DECISION_AGE = Duration.ofSeconds(2);

    /** For answering what is queued when the service stops. */
    public static final Duration DRAIN = Duration.ofSeconds(5);

    private TimeLimits() {}
}
