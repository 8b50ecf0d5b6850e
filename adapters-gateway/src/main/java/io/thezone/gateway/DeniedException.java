package io.thezone.gateway;

/** Ends a question that nothing needs to be decided for. */
public final class DeniedException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    private final Reason reason;

    /** @param detail what is wrong and how to correct it; never contains a session id */
    public DeniedException(Reason reason, String detail) {
        super(detail, null, false, false);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }
}
