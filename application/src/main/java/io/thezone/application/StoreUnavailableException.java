package io.thezone.application;

/** The store did not answer. Asking again with the same stream id is safe. */
public final class StoreUnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final boolean mayHaveSaved;

    /** Whether the change was saved is not known. */
    public StoreUnavailableException(String message, Throwable cause) {
        this(message, cause, true);
    }

    /** Whether the change was saved is not known. */
    public StoreUnavailableException(String message) {
        super(message);
        this.mayHaveSaved = true;
    }

    /** @param mayHaveSaved false if it is sure that nothing was saved */
    public StoreUnavailableException(String message, Throwable cause, boolean mayHaveSaved) {
        super(message, cause);
        this.mayHaveSaved = mayHaveSaved;
    }

    /** Whether the change may have been saved all the same. */
    public boolean mayHaveSaved() {
        return mayHaveSaved;
    }
}
