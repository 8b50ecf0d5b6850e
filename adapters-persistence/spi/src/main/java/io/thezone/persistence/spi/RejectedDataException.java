package io.thezone.persistence.spi;

/**
 * The store cannot hold a session of a batch, and saved none of the batch; or it cannot read a requested session. The same call
 * will fail again; smaller batches may succeed.
 */
public final class RejectedDataException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public RejectedDataException(Throwable cause) {
        super("the store cannot hold or read a session", cause);
    }
}
