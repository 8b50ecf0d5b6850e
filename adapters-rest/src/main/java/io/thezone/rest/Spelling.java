package io.thezone.rest;

import java.util.Locale;

/** Spells constants as they stand in JSON and YAML: {@code END_OLDEST} as {@code end-oldest}. */
public final class Spelling {
    private Spelling() {}

    public static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
