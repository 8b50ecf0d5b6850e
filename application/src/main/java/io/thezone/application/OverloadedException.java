package io.thezone.application;

/** Thrown when there are more requests than can be answered in time. Nothing was changed; a retry is safe. */
public final class OverloadedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public OverloadedException(String message) {
        super(message, null, false, false);
    }
}
