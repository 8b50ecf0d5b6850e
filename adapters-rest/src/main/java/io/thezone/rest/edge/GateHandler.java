package io.thezone.rest.edge;

import io.thezone.rest.problem.Problem;
import java.util.Optional;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Puts a {@link Gate} in front of all handlers of a port. */
final class GateHandler extends Handler.Wrapper {
    private final Gate gate;

    GateHandler(Gate gate) {
        this.gate = gate;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Optional<Problem> refusal = gate.refusal(new JettyHead(request));
        if (refusal.isEmpty()) {
            return super.handle(request, response, callback);
        }
        ProblemErrorHandler.refuse(refusal.get(), request, response, callback);
        return true;
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
            return HeaderValues.of(request.getHeaders());
        }

        @Override
        public String peer() {
            return Request.getRemoteAddr(request);
        }
    }
}
