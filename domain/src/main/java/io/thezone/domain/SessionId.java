package io.thezone.domain;

/**
 * What the gateway authenticated. A credential: it is never printed, stored or sent on as it is.
 *
 * @param value 1 to {@value #MAX_LENGTH} printable ASCII characters without spaces and commas
 */
public record SessionId(String value) {
    public static final int MAX_LENGTH = 256;

    /** @throws IllegalArgumentException saying what is wrong, without repeating the value */
    public SessionId {
        if (value.isEmpty() || value.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("must have 1 to " + MAX_LENGTH + " characters, not " + value.length());
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c <= ' ' || c > '~' || c == ',') {
                throw new IllegalArgumentException(
                        "must be printable ASCII without spaces and commas; the character at position " + (i + 1)
                                + " is not");
            }
        }
    }

    /** Says nothing of the value, so that no log line can. */
    @Override
    public String toString() {
        return "SessionId[hidden]";
    }
}
