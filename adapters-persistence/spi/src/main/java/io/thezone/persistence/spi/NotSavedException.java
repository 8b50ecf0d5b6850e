package io.thezone.persistence.spi;

/** Nothing was saved, for certain: the store refused the call, or was not called. */
public final class NotSavedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NotSavedException(String message) {
        super(message);
    }

    public NotSavedException(Throwable cause) {
        super("the store took no save", cause);
    }
}
