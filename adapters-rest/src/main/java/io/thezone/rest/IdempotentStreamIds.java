package io.thezone.rest;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hashing;
import io.thezone.domain.SessionId;
import io.thezone.domain.StreamId;

/**
 * Derives a stream id from a session and an idempotency key, so that a request that is sent again asks for the same stream
 * and no answer need be kept. By an HMAC, because stream ids stand in places where no session id may be guessed from them.
 */
final class IdempotentStreamIds {
    static final int MAX_KEY_LENGTH = 256;

    /** Keeps these apart from all else that is derived under the same secret. */
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
