package io.thezone.application;

/** More is asked for than can be answered in time. Nothing was changed; asking again a little later is safe. */
public final class OverloadedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public OverloadedException(String message) {
        super(message, null, false, false);
    }
}
