package io.thezone.rest;

import jakarta.validation.constraints.Pattern;

/**
 * The names of the headers.
 *
 * @param session carries the session id, in requests and echoed by {@code /watch}
 * @param stream carries the stream id, in requests and answers
 * @param expires tells when the stream's lease ends
 * @param heartbeat tells how often the stream should beat, in seconds
 * @param decision names a refusal, in answers
 * @param idempotency carries a key with which asking again makes no second stream, in requests
 */
public record HeaderNames(
        @Pattern(regexp = TOKEN, message = NO_TOKEN) String session,
        @Pattern(regexp = TOKEN, message = NO_TOKEN) String stream,
        @Pattern(regexp = TOKEN, message = NO_TOKEN) String expires,
        @Pattern(regexp = TOKEN, message = NO_TOKEN) String heartbeat,
        @Pattern(regexp = TOKEN, message = NO_TOKEN) String decision,
        @Pattern(regexp = TOKEN, message = NO_TOKEN) String idempotency) {

    /** RFC 9110, section 5.1. */
    public static final String TOKEN = "[A-Za-z0-9!#$%&'*+.^_`|~-]{1,64}";

    public static final String NO_TOKEN = "must be a header name: letters, digits and -";

    public static final HeaderNames DEFAULT = new HeaderNames(
            "Session-Id", "Stream-Id", "Stream-Expires", "Stream-Heartbeat", "Stream-Decision", "Idempotency-Key");
}
