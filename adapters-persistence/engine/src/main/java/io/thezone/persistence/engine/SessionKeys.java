package io.thezone.persistence.engine;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.thezone.domain.SessionId;
import io.thezone.persistence.spi.SessionKey;
import java.security.GeneralSecurityException;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Derives the key of a session from its id: the first half of an HMAC-SHA-256 under a secret that all nodes share. RFC 2104,
 * section 5, allows half: that two of a billion sessions share a key is less likely than 1 in 10^20.
 */
public final class SessionKeys {
    private static final String ALGORITHM = "HmacSHA256";

    private final ThreadLocal<Mac> macs;

    /** @param secret not empty; sessions stored under another secret are not found */
    public SessionKeys(String secret) {
        SecretKeySpec key = new SecretKeySpec(secret.getBytes(UTF_8), ALGORITHM);
        macs = ThreadLocal.withInitial(() -> mac(key));
    }

    public SessionKey of(SessionId id) {
        return SessionKey.of(macs.get().doFinal(id.value().getBytes(US_ASCII)));
    }

    private static Mac mac(SecretKeySpec key) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        }
    }
}
