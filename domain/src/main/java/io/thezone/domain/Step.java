package io.thezone.domain;

/**
 * One step of a session: what it becomes and what that means to whoever asked.
 *
 * @param next the very instance the step began with when nothing changes
 * @param cost what a search for streams to end has cost, in steps of {@link #MAX_COST} at most; the same for the same session
 *     and request; 0 without a search
 */
public record Step<R>(Session next, R outcome, int cost) {
    /** About a millisecond. A search that would cost more finds nothing. */
    public static final int MAX_COST = Eviction.MAX_COST;

    public Step(Session next, R outcome) {
        this(next, outcome, 0);
    }
}
