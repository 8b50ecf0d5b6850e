package io.thezone.domain;

/** Why a stream no longer lives. */
public enum EndReason {
    /** No sign of life came in time. */
    EXPIRED,
    /** Its own player let it go. */
    RELEASED
}
