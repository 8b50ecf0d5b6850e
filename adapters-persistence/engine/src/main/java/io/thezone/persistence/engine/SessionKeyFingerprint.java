package io.thezone.persistence.engine;

import io.thezone.persistence.spi.SharedFacts;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/**
 * A fingerprint of the session key in the store, so that a node with another key does not start: it would count the streams of
 * each session a second time. The fingerprint is a PBKDF2 hash (RFC 8018) with a random salt. To try a guessed key on it costs
 * 600,000 times as much as on a row's key, the HMAC of a session id, which a stolen database reveals anyway.
 */
public final class SessionKeyFingerprint {
    private static final String NAME = "session-key";
    private static final String ALGORITHM = "PBKDF2WithHmacSHA256";
    private static final Pattern FORM = Pattern.compile(ALGORITHM + " (\\d{1,7}) ([0-9a-f]{32}) [0-9a-f]{32}");

    /** As OWASP's Password Storage Cheat Sheet recommends for HMAC-SHA-256. */
    private static final int ITERATIONS = 600_000;

    private static final int BYTES = 16;

    private SessionKeyFingerprint() {}

    /** Whether this is the key in force. If there is none, puts this one in force. Takes some tenths of a second. */
    public static boolean agrees(SharedFacts facts, String sessionKey) {
        Optional<String> kept = facts.find(NAME);
        if (kept.isEmpty()) {
            String own = make(sessionKey);
            String agreed = facts.agree(NAME, own);
            return agreed.equals(own) || isOf(sessionKey, agreed);
        }
        return isOf(sessionKey, kept.get());
    }

    /** Puts the key in force. Sessions stored under another key are not found any more. */
    public static void replace(SharedFacts facts, String sessionKey) {
        facts.replace(NAME, make(sessionKey));
    }

    private static boolean isOf(String sessionKey, String fingerprint) {
        Matcher parts = FORM.matcher(fingerprint);
        return parts.matches()
                && fingerprint.equals(make(
                        sessionKey,
                        Integer.parseInt(parts.group(1)),
                        HexFormat.of().parseHex(parts.group(2))));
    }

    private static String make(String sessionKey) {
        byte[] salt = new byte[BYTES];
        new SecureRandom().nextBytes(salt);
        return make(sessionKey, ITERATIONS, salt);
    }

    private static String make(String sessionKey, int iterations, byte[] salt) {
        PBEKeySpec parameters = new PBEKeySpec(sessionKey.toCharArray(), salt, iterations, BYTES * Byte.SIZE);
        try {
            byte[] hash = SecretKeyFactory.getInstance(ALGORITHM)
                    .generateSecret(parameters)
                    .getEncoded();
            HexFormat hex = HexFormat.of();
            return ALGORITHM + " " + iterations + " " + hex.formatHex(salt) + " " + hex.formatHex(hash);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java platform has " + ALGORITHM, e);
        } finally {
            parameters.clearPassword();
        }
    }
}
