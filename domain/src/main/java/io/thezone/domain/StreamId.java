package io.thezone.domain;

/**
 * The id of a stream, unique within its session.
 *
 * @param value 1 to {@value #MAX_LENGTH} of {@code A-Z a-z 0-9 . _ ~ -} (the unreserved characters of RFC 3986, so that it
 *     can stand in a path), but not {@code .} or {@code ..}, which are steps in a path
 */
public record StreamId(String value) {
    public static final int MAX_LENGTH = 128;

    /** @throws IllegalArgumentException saying what is wrong */
    public StreamId {
        if (value.isEmpty() || value.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("must have 1 to " + MAX_LENGTH + " characters, not " + value.length());
        }
        if (value.equals(".") || value.equals("..")) {
            throw new IllegalArgumentException("must not be . or .., which no path can name");
        }
        for (int i = 0; i < value.length(); i++) {
            if (!isUnreserved(value.charAt(i))) {
                throw new IllegalArgumentException(
                        "must consist of A-Z a-z 0-9 . _ ~ -; the character at position " + (i + 1) + " does not");
            }
        }
    }

    private static boolean isUnreserved(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '_'
                || c == '.'
                || c == '~';
    }

    @Override
    public String toString() {
        return value;
    }
}
