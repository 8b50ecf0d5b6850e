package io.thezone.domain;

/**
 * Stands for what a stream was first asked for under an idempotency key: the same for the same attributes and
 * {@code replaces}, another for others.
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
