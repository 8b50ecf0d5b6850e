package io.thezone.gateway;

import java.util.Locale;

/** Why a gateway's question was answered as it was; gateways see the {@link #word}. */
public enum Reason {
    /** The stream is new. */
    ADMITTED,
    /** The session holds the stream already. */
    RENEWED,
    /** The viewer sent HEAD or OPTIONS: the session may be used, and nothing was decided. */
    NOT_COUNTED,
    /** A rule of the plan has no room. */
    FULL,
    /** The stream has ended, and may not start again, or not yet. */
    ENDED,
    NO_SESSION,
    /** The session id is a placeholder that the gateway did not fill in, is malformed, or was sent twice. */
    UNUSABLE_SESSION,
    UNKNOWN_PLAN,
    /** The plan cannot judge the stream, because it lacks an attribute. */
    MISSING_ATTRIBUTE,
    /** The request does not say which stream it means. */
    NO_STREAM_IDENTITY,
    /** A stream id or an attribute is malformed, or was sent twice. */
    UNUSABLE_VALUE,
    /** The service is overloaded, or its store is away. */
    NO_DECISION;

    /** The reason as it stands in headers: {@code not-counted}. */
    public String word() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
