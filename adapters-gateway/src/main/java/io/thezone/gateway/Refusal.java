package io.thezone.gateway;

/**
 * Why a {@link Gate} refused a request.
 *
 * @param detail what is wrong and how to correct it
 */
public record Refusal(Kind kind, String detail) {
    /** The kinds of refusals. */
    public enum Kind {
        /** The sender may not ask this. */
        FORBIDDEN,
        /** The request is for another host. */
        MISDIRECTED
    }
}
