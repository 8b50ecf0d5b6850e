package io.thezone.rest;

import java.util.Locale;

/** Spells constants as they stand in JSON and YAML: {@code EXPIRED} as {@code expired}. */
public final class Spelling {
    private Spelling() {}

    public static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
