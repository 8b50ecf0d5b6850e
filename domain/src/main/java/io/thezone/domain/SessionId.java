package io.thezone.domain;

/**
 * The id of a session, as the gateway authenticated it. A credential: it is never logged, and stored only as an HMAC.
 *
 * @param value 1 to {@value #MAX_LENGTH} printable ASCII characters without spaces and commas
 */
public record SessionId(String value) {
    public static final int MAX_LENGTH = 4096;

    /** @throws IllegalArgumentException saying what is wrong, without repeating the value */
    public SessionId {
        if (value.isEmpty() || value.length() > MAX_LENGTH) {
            throw new IllegalArgumentException("must have 1 to " + MAX_LENGTH + " characters, not " + value.length());
        }
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (!PrintableAscii.is(c) || c == ' ' || c == ',') {
                throw new IllegalArgumentException(
                        "must be printable ASCII without spaces and commas; the character at position " + (i + 1)
                                + " is not");
            }
        }
    }

    /** Hides the value, so that no log line can contain it. */
    @Override
    public String toString() {
        return "SessionId[hidden]";
    }
}
