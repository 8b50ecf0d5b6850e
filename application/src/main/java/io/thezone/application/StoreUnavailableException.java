package io.thezone.application;

/** Thrown when the store did not answer. A retry with the same stream id is safe. */
public final class StoreUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean mayHaveSaved;

    /** Creates a failure after which it is unknown whether the change was saved. */
    public StoreUnavailableException(String message, Throwable cause) {
        this(message, cause, true);
    }

    /** Creates a failure after which it is unknown whether the change was saved. */
    public StoreUnavailableException(String message) {
        super(message);
        this.mayHaveSaved = true;
    }

    /** @param mayHaveSaved false if it is certain that nothing was saved */
    public StoreUnavailableException(String message, Throwable cause, boolean mayHaveSaved) {
        super(message, cause);
        this.mayHaveSaved = mayHaveSaved;
    }

    /** Says whether the change may have been saved. */
    public boolean mayHaveSaved() {
        return mayHaveSaved;
    }
}
