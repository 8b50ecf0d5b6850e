package io.thezone.domain;

/** The reason why a stream ended. */
public enum EndReason {
    /** No heartbeat came before the lease expired. */
    EXPIRED,
    /** Its own player released it. */
    RELEASED,
    /** Another player took its place by naming it in {@code replaces}, or by reclaiming its device and asset. */
    REPLACED,
    /** Its plan ended it to make room for another stream. */
    EVICTED,
    /** It was stopped from outside: by the viewer on another device, or by an operator. */
    STOPPED;

    /** Says whether its player must not get the stream back: otherwise two players would end each other's stream for ever. */
    boolean endedByAnotherPlayer() {
        return switch (this) {
            case EXPIRED, RELEASED -> false;
            case REPLACED, EVICTED, STOPPED -> true;
        };
    }
}
