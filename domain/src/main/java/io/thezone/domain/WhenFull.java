package io.thezone.domain;

/** The strategy of a plan for a new stream for which it has no room. */
public enum WhenFull {
    /** The new stream is refused. */
    REFUSE,
    /** Streams end in the order of their start, the oldest first. */
    END_OLDEST,
    /** Streams end against the order of their start, the newest first. */
    END_NEWEST,
    /** Streams end in the order of their last saved heartbeat, the longest ago first. */
    END_LEAST_RECENTLY_SEEN,
    /** Streams on devices of lower priority than the new stream's end: the lowest priority first, then the oldest. */
    END_LOWER_PRIORITY
}
