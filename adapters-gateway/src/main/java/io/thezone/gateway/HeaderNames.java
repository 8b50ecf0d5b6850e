package io.thezone.gateway;

import java.util.List;

/**
 * The names of the service's headers.
 *
 * @param session carries the session id, in requests and echoed by {@code /watch}
 * @param stream carries the stream id, in requests and answers
 * @param expires carries the end of the stream's lease, in answers
 * @param heartbeat carries the interval between heartbeats in seconds, in answers
 * @param decision names a refusal, in answers
 * @param reason carries the reason of an answer to a gateway
 * @param rule names the rule that is used up, in answers to a gateway
 * @param idempotency carries a key, in requests; a repeated request with the same key starts no second stream
 */
public record HeaderNames(
        @HeaderName String session,
        @HeaderName String stream,
        @HeaderName String expires,
        @HeaderName String heartbeat,
        @HeaderName String decision,
        @HeaderName String reason,
        @HeaderName String rule,
        @HeaderName String idempotency) {

    public List<String> all() {
        return List.of(session, stream, expires, heartbeat, decision, reason, rule, idempotency);
    }
}
