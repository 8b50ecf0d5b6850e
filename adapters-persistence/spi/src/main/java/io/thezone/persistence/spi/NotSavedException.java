package io.thezone.persistence.spi;

/** Nothing was saved, and that is sure: the store refused all of it, or was not asked. */
public final class NotSavedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public NotSavedException(String message) {
        super(message);
    }

    public NotSavedException(Throwable cause) {
        super("the store took no save", cause);
    }
}
