package io.thezone.domain;

/**
 * A digest of the request that first used an idempotency key: equal for equal attributes and {@code replaces}, different for
 * others.
 *
 * @param value 1 to {@value #MAX_LENGTH} of {@code A-Z a-z 0-9 _ -}
 */
public record Fingerprint(String value) {
    public static final int MAX_LENGTH = 64;

    /** @throws IllegalArgumentException saying what is wrong */
    public Fingerprint {
        if (!value.matches("[A-Za-z0-9_-]{1," + MAX_LENGTH + "}")) {
            throw new IllegalArgumentException("a fingerprint must have 1 to " + MAX_LENGTH + " of A-Z a-z 0-9 _ -");
        }
    }
}
