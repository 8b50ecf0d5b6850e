package io.thezone.rest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import io.thezone.domain.SessionId;
import io.thezone.domain.StreamId;

/**
 * Derives a stream id from a session and an idempotency key, so that a repeated request asks for the same stream and no answer
 * has to be kept. Uses an HMAC, because no session id may be guessed from a stream id.
 */
final class IdempotentStreamIds {
    static final int MAX_KEY_LENGTH = 256;

    /** Separates these ids from everything else that is derived with the same secret. */
    private static final String PURPOSE = "stream";

    private final HashFunction hmac;

    /** @param secret not empty */
    IdempotentStreamIds(String secret) {
        this.hmac = Hashing.hmacSha256(secret.getBytes(UTF_8));
    }

    StreamId of(SessionId session, String key) {
        return new StreamId(hmac.newHasher()
                .putString(PURPOSE, US_ASCII)
                .putInt(session.value().length())
                .putString(session.value(), US_ASCII)
                .putString(key, US_ASCII)
                .hash()
                .toString());
    }
}
