package io.thezone.domain;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * What is known of a stream besides its id: on which device it plays, what, for whom. Each is optional.
 *
 * @param values by name, one of {@link #NAMES}; a value has at most {@value #MAX_LENGTH} characters, none of them a control
 *     character, and is well-formed UTF-16 (a lone surrogate could not be stored)
 */
public record Attributes(Map<String, String> values) {
    public static final int MAX_LENGTH = 256;

    public static final String DEVICE_ID = "device.id";
    public static final String DEVICE_TYPE = "device.type";
    public static final String DEVICE_NAME = "device.name";
    public static final String ASSET_ID = "asset.id";
    public static final String ASSET_TYPE = "asset.type";
    public static final String ASSET_TITLE = "asset.title";
    public static final String ASSET_CHANNEL = "asset.channel";
    public static final String PROFILE = "profile";

    public static final List<String> NAMES =
            List.of(DEVICE_ID, DEVICE_TYPE, DEVICE_NAME, ASSET_ID, ASSET_TYPE, ASSET_TITLE, ASSET_CHANNEL, PROFILE);

    public static final Attributes NONE = new Attributes(Map.of());

    /** @throws IllegalArgumentException naming the attribute and saying what is wrong with it */
    public Attributes {
        values.forEach(Attributes::check);
        values = values.isEmpty() ? Map.of() : Collections.unmodifiableMap(new TreeMap<>(values));
    }

    public Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name));
    }

    private static void check(String name, String value) {
        if (!NAMES.contains(name)) {
            throw new IllegalArgumentException(name + " is not known; known are " + String.join(", ", NAMES));
        }
        if (value.length() > MAX_LENGTH) {
            throw new IllegalArgumentException(
                    name + " must have at most " + MAX_LENGTH + " characters, not " + value.length());
        }
        int next;
        for (int i = 0; i < value.length(); i += Character.charCount(next)) {
            next = value.codePointAt(i);
            if (Character.isISOControl(next)) {
                throw new IllegalArgumentException(name + " must have no control characters");
            }
            if (next >= Character.MIN_SURROGATE && next <= Character.MAX_SURROGATE) {
                throw new IllegalArgumentException(name + " must have no lone surrogates");
            }
        }
    }
}
