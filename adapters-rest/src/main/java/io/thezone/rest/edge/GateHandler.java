package io.thezone.rest.edge;

import io.thezone.gateway.Gate;
import io.thezone.gateway.HeaderValues;
import io.thezone.gateway.Refusal;
import io.thezone.gateway.RequestHead;
import io.thezone.rest.problem.Problem;
import jakarta.ws.rs.core.Response.Status;
import jakarta.ws.rs.core.Response.StatusType;
import java.util.Optional;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Puts a {@link Gate} in front of all handlers of a port. */
final class GateHandler extends Handler.Wrapper {
    /** RFC 9110, section 15.5.20; Jakarta REST has no constant for it. */
    private static final StatusType MISDIRECTED = jakarta.ws.rs.core.Response.status(421, "Misdirected Request")
            .build()
            .getStatusInfo();

    private final Gate gate;

    GateHandler(Gate gate) {
        this.gate = gate;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Optional<Refusal> refusal = gate.refusal(new JettyHead(request));
        if (refusal.isEmpty()) {
            return super.handle(request, response, callback);
        }
        ProblemErrorHandler.refuse(problem(refusal.get()), request, response, callback);
        return true;
    }

    private static Problem problem(Refusal refusal) {
        return switch (refusal.kind()) {
            case FORBIDDEN -> Problem.of(Status.FORBIDDEN, refusal.detail());
            case MISDIRECTED -> Problem.of(MISDIRECTED, refusal.detail());
        };
    }

    private record JettyHead(Request request) implements RequestHead {
        @Override
        public String method() {
            return request.getMethod();
        }

        @Override
        public String path() {
            return Request.getPathInContext(request);
        }

        @Override
        public HeaderValues headers() {
            return request.getHeaders()::getValuesList;
        }

        @Override
        public String peer() {
            return Request.getRemoteAddr(request);
        }
    }
}
