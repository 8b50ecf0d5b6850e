package io.thezone.domain;

import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * The attributes of a stream: its device, asset, profile and location, and custom ones. Each is optional.
 *
 * @param values by name, one of {@link #NAMES} or at most {@value #MAX_CUSTOM} custom ones, whose names are {@value #CUSTOM} and
 *     1 to {@value #MAX_CUSTOM_NAME_LENGTH} of {@code A-Z a-z 0-9 _ -}; a value has at most {@value #MAX_LENGTH}
 *     characters, none of them a control character, and is well-formed UTF-16 (a lone surrogate could not be stored)
 */
public record Attributes(Map<String, String> values) {
    public static final int MAX_LENGTH = 256;
    public static final int MAX_CUSTOM = 16;
    public static final int MAX_CUSTOM_NAME_LENGTH = 64;

    /** The value that an attribute has for rules if the stream lacks it. */
    public static final String UNKNOWN = "unknown";

    public static final String DEVICE_ID = "device.id";
    public static final String DEVICE_TYPE = "device.type";
    public static final String DEVICE_NAME = "device.name";
    public static final String ASSET_ID = "asset.id";
    public static final String ASSET_TYPE = "asset.type";
    public static final String ASSET_TITLE = "asset.title";
    public static final String ASSET_CHANNEL = "asset.channel";
    public static final String PROFILE = "profile";
    public static final String LOCATION = "location";

    /** The prefix of the names of custom attributes, which a platform defines. */
    public static final String CUSTOM = "custom.";

    /** The names of all attributes that are not custom. */
    public static final List<String> NAMES = List.of(
            DEVICE_ID, DEVICE_TYPE, DEVICE_NAME, ASSET_ID, ASSET_TYPE, ASSET_TITLE, ASSET_CHANNEL, PROFILE, LOCATION);

    /** The attributes that are shown to people; rules cannot look at them. */
    private static final Set<String> FOR_DISPLAY = Set.of(DEVICE_NAME, ASSET_TITLE);

    public static final Attributes NONE = new Attributes(Map.of());

    /** @throws IllegalArgumentException naming the attribute and saying what is wrong with it */
    public Attributes {
        values.forEach(Attributes::check);
        long custom = countCustom(values);
        if (custom > MAX_CUSTOM) {
            throw new IllegalArgumentException(
                    "a stream has at most " + MAX_CUSTOM + " custom attributes, not " + custom);
        }
        values = values.isEmpty() ? Map.of() : Collections.unmodifiableMap(new LinkedHashMap<>(new TreeMap<>(values)));
    }

    public Optional<String> get(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /** Returns the value for rules; {@value #UNKNOWN} if the attribute is missing or blank. */
    String valueOf(String name) {
        String value = values.getOrDefault(name, UNKNOWN);
        return value.isBlank() ? UNKNOWN : value;
    }

    boolean lacks(String name) {
        return values.getOrDefault(name, "").isBlank();
    }

    /** Returns the attributes with these names. */
    public Attributes only(Collection<String> names) {
        Map<String, String> some = new TreeMap<>(values);
        some.keySet().retainAll(names);
        return some.isEmpty() ? NONE : new Attributes(some);
    }

    /** Returns these attributes, and the others that have none of their names; only these if together there are too many. */
    Attributes completedBy(Attributes others) {
        if (others.values.entrySet().containsAll(values.entrySet())) {
            return others;
        }
        Map<String, String> all = new TreeMap<>(others.values);
        all.putAll(values);
        return countCustom(all) > MAX_CUSTOM ? this : new Attributes(all);
    }

    private static long countCustom(Map<String, String> values) {
        return values.keySet().stream().filter(name -> name.startsWith(CUSTOM)).count();
    }

    /** Returns the attributes of the device. */
    Attributes device() {
        return only(List.of(DEVICE_ID, DEVICE_TYPE, DEVICE_NAME));
    }

    /** @throws IllegalArgumentException if rules cannot look at the attribute, saying at which they can */
    static void checkCountable(String what, String name) {
        if (!isKnown(name) || FOR_DISPLAY.contains(name)) {
            throw new IllegalArgumentException(what + " looks at " + name + "; rules can look at "
                    + NAMES.stream().filter(it -> !FOR_DISPLAY.contains(it)).collect(Collectors.joining(", "))
                    + " and " + CUSTOM + "…");
        }
    }

    private static boolean isKnown(String name) {
        return NAMES.contains(name) || isCustom(name);
    }

    private static boolean isCustom(String name) {
        int length = name.length() - CUSTOM.length();
        return name.startsWith(CUSTOM)
                && length >= 1
                && length <= MAX_CUSTOM_NAME_LENGTH
                && name.chars().skip(CUSTOM.length()).allMatch(Attributes::isInCustomName);
    }

    private static boolean isInCustomName(int c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_';
    }

    private static void check(String name, String value) {
        if (name.startsWith(CUSTOM) && !isCustom(name)) {
            throw new IllegalArgumentException(
                    "the name of a custom attribute must have 1 to " + MAX_CUSTOM_NAME_LENGTH + " of A-Z a-z 0-9 _ -");
        }
        if (!isKnown(name)) {
            throw new IllegalArgumentException(
                    name + " is not known; known are " + String.join(", ", NAMES) + " and " + CUSTOM + "…");
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
