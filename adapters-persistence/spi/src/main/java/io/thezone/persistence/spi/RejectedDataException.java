package io.thezone.persistence.spi;

/**
 * The store cannot hold something in a batch, and saved none of it; or it cannot read something that is asked for. Trying again
 * is of no use, trying parts is.
 */
public final class RejectedDataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RejectedDataException(Throwable cause) {
        super("the store cannot hold or read a session", cause);
    }
}
