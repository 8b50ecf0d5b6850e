package io.thezone.domain;

/**
 * The result of an operation on a session: the next state and the outcome for the caller.
 *
 * @param next the same instance as before when nothing changes
 * @param cost of the search for streams to end, at most little more than {@link #MAX_COST}; the same for the same session and
 *     request; 0 without a search
 */
public record Step<R>(Session next, R outcome, int cost) {
    /** The cost at which a search is given up: about a millisecond. */
    public static final int MAX_COST = Eviction.MAX_COST;

    public Step(Session next, R outcome) {
        this(next, outcome, 0);
    }
}
