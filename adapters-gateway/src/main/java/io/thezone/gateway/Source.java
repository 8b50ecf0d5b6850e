package io.thezone.gateway;

/**
 * Where a value stands in a request.
 *
 * @param name of the header, cookie, query parameter, named group or CMCD key
 */
public record Source(Kind kind, String name) {
    /** The kinds of places. */
    public enum Kind {
        HEADER,
        COOKIE,
        /** A parameter of the query of the viewer's URI. */
        QUERY,
        /** A named group of a pattern over the viewer's URI. */
        GROUP,
        /** A text in the header {@code CMCD-Session} or the query parameter {@code CMCD} (CTA-5004). */
        CMCD
    }
}
