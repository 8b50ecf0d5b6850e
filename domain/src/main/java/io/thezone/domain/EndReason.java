package io.thezone.domain;

/** Why a stream no longer lives. */
public enum EndReason {
    /** No sign of life came in time. */
    EXPIRED,
    /** Its own player let it go. */
    RELEASED,
    /** Another player took its place, because it asked for that. */
    REPLACED,
    /** Its plan ended it to make room for another. */
    EVICTED,
    /** Somebody else stopped it: the viewer on another device, or an operator. */
    STOPPED;

    /** Whether the player that asks for the stream again must not have it: two players would end each other for ever. */
    boolean isByAnother() {
        return switch (this) {
            case EXPIRED, RELEASED -> false;
            case REPLACED, EVICTED, STOPPED -> true;
        };
    }
}
