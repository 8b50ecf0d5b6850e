package io.thezone.domain;

/** The printable characters of ASCII, from the space to the tilde. */
public final class PrintableAscii {
    private PrintableAscii() {}

    public static boolean is(int character) {
        return character >= ' ' && character <= '~';
    }
}
