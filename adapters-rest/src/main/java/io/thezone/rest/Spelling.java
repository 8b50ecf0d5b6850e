package io.thezone.rest;

import java.util.Locale;

/** Spells constants as JSON has them: {@code END_OLDEST} as {@code end-oldest}. */
final class Spelling {
    private Spelling() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
