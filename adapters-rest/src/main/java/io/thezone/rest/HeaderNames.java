package io.thezone.rest;

import java.util.List;

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
        @HeaderName String session,
        @HeaderName String stream,
        @HeaderName String expires,
        @HeaderName String heartbeat,
        @HeaderName String decision,
        @HeaderName String idempotency) {

    public List<String> all() {
        return List.of(session, stream, expires, heartbeat, decision, idempotency);
    }
}
