package io.thezone.domain;

/** What a plan does about a stream for which its quota has no room. */
public enum WhenFull {
    /** The new stream is refused. */
    REFUSE,
    /** Those that started first end first. */
    END_OLDEST,
    /** Those that started last end first. */
    END_NEWEST,
    /** Those whose last saved sign of life is the longest ago end first. */
    END_LEAST_RECENTLY_SEEN,
    /** Only those on devices of lower priority than the new stream's end; the lowest first, of equals the oldest. */
    END_LOWER_PRIORITY
}
