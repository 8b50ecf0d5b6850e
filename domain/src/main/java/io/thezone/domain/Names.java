package io.thezone.domain;

/** The characters and the length of the names of plans and rules. */
final class Names {
    static final int MAX_LENGTH = 64;

    private Names() {}

    /** @throws IllegalArgumentException saying what {@code what} must consist of */
    static void check(String what, String name) {
        if (name.isEmpty() || name.length() > MAX_LENGTH || !name.chars().allMatch(Names::isAllowed)) {
            throw new IllegalArgumentException(what + " must be 1 to " + MAX_LENGTH + " of A-Z a-z 0-9 . _ -");
        }
    }

    private static boolean isAllowed(int c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '-'
                || c == '_'
                || c == '.';
    }
}
