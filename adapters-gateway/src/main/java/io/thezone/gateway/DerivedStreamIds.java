package io.thezone.gateway;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import com.google.common.hash.HashFunction;
import com.google.common.hash.Hasher;
import com.google.common.hash.Hashing;
import io.thezone.domain.SessionId;
import io.thezone.domain.StreamId;

/**
 * Derives a stream id from a session and what a request says, so that a repeated request asks for the same stream and no answer has
 * to be kept. Uses an HMAC, because no session id may be guessed from a stream id.
 */
public final class DerivedStreamIds {
    public static final int MAX_KEY_LENGTH = 256;

    /** The purposes separate these ids from each other, and from everything else that is derived with the same secret. */
    private static final String OF_KEY = "stream";

    private static final String OF_DEVICE = "device";

    private final HashFunction hmac;

    /** @param secret not empty; the same on all nodes */
    public DerivedStreamIds(String secret) {
        this.hmac = Hashing.hmacSha256(secret.getBytes(UTF_8));
    }

    /** The stream of an idempotency key. */
    public StreamId ofKey(SessionId session, String key) {
        return id(hasher(OF_KEY, session).putString(key, US_ASCII));
    }

    /** The stream of an asset on a device. */
    public StreamId ofDevice(SessionId session, String device, String asset) {
        return id(hasher(OF_DEVICE, session)
                .putInt(device.length())
                .putString(device, UTF_8)
                .putString(asset, UTF_8));
    }

    private Hasher hasher(String purpose, SessionId session) {
        return hmac.newHasher()
                .putString(purpose, US_ASCII)
                .putInt(session.value().length())
                .putString(session.value(), US_ASCII);
    }

    private static StreamId id(Hasher hasher) {
        return new StreamId(hasher.hash().toString());
    }
}
