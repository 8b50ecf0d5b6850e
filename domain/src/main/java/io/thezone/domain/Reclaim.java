package io.thezone.domain;

/** Which live streams of its own device a new stream takes the place of, whether or not they are still watched. */
public enum Reclaim {
    /** Takes no place. */
    NONE("false"),
    /** Takes the place of streams of the same asset: the player was loaded again. */
    SAME_ASSET("true"),
    /** Takes the place of all streams of the device: the player goes on to another asset. */
    ANY_ASSET("any-asset");

    private final String spelling;

    Reclaim(String spelling) {
        this.spelling = spelling;
    }

    /** Returns the value as it stands in YAML. */
    public String spelling() {
        return spelling;
    }

    /** Says whether a new stream takes the place of the live one. A device or an asset that is unknown is not the same as another. */
    boolean takes(Attributes held, Attributes requested) {
        return this != NONE
                && isSame(Attributes.DEVICE_ID, held, requested)
                && (this == ANY_ASSET || isSame(Attributes.ASSET_ID, held, requested));
    }

    private static boolean isSame(String attribute, Attributes one, Attributes other) {
        String value = one.valueOf(attribute);
        return !value.equals(Attributes.UNKNOWN) && value.equals(other.valueOf(attribute));
    }
}
