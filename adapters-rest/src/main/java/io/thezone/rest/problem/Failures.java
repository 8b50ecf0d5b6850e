package io.thezone.rest.problem;

import io.thezone.application.OverloadedException;
import io.thezone.application.StoreUnavailableException;
import io.thezone.gateway.RetryAfter;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Turns exceptions into problems, and logs those that nobody expects. */
public final class Failures {
    private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

    private static final String NOTHING_CHANGED = "Nothing was changed; try again.";
    private static final String MAY_HAVE_SAVED =
            "The change may have been saved; try again with the same stream id, or the same idempotency key.";

    private Failures() {}

    /** The problem of a request that only reads, and so cannot have changed anything. */
    public static Problem ofReading(Throwable failure) {
        return cause(failure) instanceof StoreUnavailableException ? unavailable(NOTHING_CHANGED) : of(failure);
    }

    public static Problem of(Throwable failure) {
        Throwable cause = cause(failure);
        if (cause instanceof ProblemException expected) {
            return expected.problem();
        }
        if (cause instanceof WebApplicationException raised) {
            return of(raised.getResponse());
        }
        Problem problem = failure(cause);
        if (problem.status() == Response.Status.INTERNAL_SERVER_ERROR.getStatusCode()) {
            LOG.error("a request failed", cause);
        }
        return problem;
    }

    /** The problem of a failed use case: nothing was decided, or the outcome is not known. */
    private static Problem failure(Throwable failure) {
        if (failure instanceof OverloadedException) {
            return Problem.typed(
                            Response.Status.SERVICE_UNAVAILABLE,
                            "overloaded",
                            "Overloaded",
                            "More is asked for than can be answered in time. Nothing was changed; try again.")
                    .withHeader(RetryAfter.NAME, RetryAfter.AT_ONCE);
        }
        if (failure instanceof StoreUnavailableException unavailable) {
            return unavailable(unavailable.mayHaveSaved() ? MAY_HAVE_SAVED : NOTHING_CHANGED);
        }
        return Problem.of(Response.Status.INTERNAL_SERVER_ERROR, "The service failed; its log says why.");
    }

    private static Problem unavailable(String consequence) {
        return Problem.typed(
                        Response.Status.SERVICE_UNAVAILABLE,
                        "store-unavailable",
                        "Store unavailable",
                        "The store did not answer. " + consequence)
                .withHeader(RetryAfter.NAME, RetryAfter.AT_ONCE);
    }

    private static Throwable cause(Throwable failure) {
        return failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
    }

    /** The problem of a request that Jersey itself refused. */
    private static Problem of(Response raised) {
        Response.StatusType status = raised.getStatusInfo();
        Problem problem = Problem.of(status, detail(status.getStatusCode()));
        String allow = raised.getHeaderString(HttpHeaders.ALLOW);
        return allow == null ? problem : problem.withHeader(HttpHeaders.ALLOW, allow);
    }

    private static String detail(int status) {
        return switch (status) {
            case 400 -> "The request cannot be read.";
            case 404 -> "There is nothing here; /openapi.yaml tells what there is.";
            case 405 -> "The method is not allowed here; the Allow header tells which are.";
            case 406 -> "Only application/json can be had here.";
            case 415 -> "The body must be sent as Content-Type: application/json.";
            default -> "The request was refused.";
        };
    }
}
