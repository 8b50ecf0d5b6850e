package io.thezone.persistence.engine;

/** A stored session that this version of the service cannot read, and so must not touch. */
final class UnreadableSessionException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    UnreadableSessionException(String message) {
        super(message);
    }

    UnreadableSessionException(String message, Throwable cause) {
        super(message, cause);
    }
}
