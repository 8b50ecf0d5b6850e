package io.thezone.benchmark.contestant;

import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/** Answers without a decision, in a Jetty handler before Jersey, as the service does: the upper limit of such a handler. */
final class BareHandler extends Handler.Wrapper {
    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (!Request.getPathInContext(request).equals("/watch")) {
            return super.handle(request, response, callback);
        }
        response.setStatus(200);
        response.write(true, null, callback);
        return true;
    }
}
