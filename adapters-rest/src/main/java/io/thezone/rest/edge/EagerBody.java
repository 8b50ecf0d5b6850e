package io.thezone.rest.edge;

import io.thezone.rest.problem.Problem;
import jakarta.ws.rs.core.Response.Status;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;
import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.EagerContentHandler;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives a body before its request takes a thread, so that a slow sender delays no other request. Jetty's own loader
 * waits past every timeout, and leaves it to the reader to detect that a body is broken or too large. A request whose answer does
 * not depend on its body does not wait for it.
 */
final class EagerBody extends EagerContentHandler {
    private static final int MAX_BYTES = 16 * 1024;

    /** The part of a body that is too large that is read, so that its sender can read the answer; beyond it the connection closes. */
    private static final int MAX_DISCARDED = 1024 * 1024;

    private static final Problem TOO_LARGE =
            Problem.of(Status.REQUEST_ENTITY_TOO_LARGE, "the body must have at most " + MAX_BYTES + " bytes");
    private static final Problem TOO_SLOW =
            Problem.of(Status.REQUEST_TIMEOUT, "the rest of the body did not arrive in time");
    private static final Problem BROKEN = Problem.badRequest("the body was cut short, or its chunks cannot be read");

    private static final Logger LOG = LoggerFactory.getLogger(EagerBody.class);

    private final Predicate<Request> needed;

    /** @param needed whether the answer to a request depends on its body */
    EagerBody(Predicate<Request> needed) {
        this.needed = needed;
    }

    /** The body of a request that has passed here. */
    static byte[] of(Request request) {
        Received received = Request.as(request, Received.class);
        return received == null ? new byte[0] : received.bytes;
    }

    @Override
    protected boolean onConditionsMet(Request request, Response response, Callback callback) throws Exception {
        if (mayHaveBody(request)) {
            new Loader(getHandler(), request, response, callback).load();
            return true;
        }
        return getHandler().handle(request, response, callback);
    }

    /** Only over HTTP/1 does the head say whether there is a body; Jetty's own handler would drop what HTTP/2 does not announce. */
    private static boolean mayHaveBody(Request request) {
        for (HttpField field : request.getHeaders()) {
            HttpHeader header = field.getHeader();
            if (header == HttpHeader.TRANSFER_ENCODING
                    || (header == HttpHeader.CONTENT_LENGTH && !field.getValue().equals("0"))) {
                return true;
            }
        }
        return request.getConnectionMetaData().getHttpVersion() == HttpVersion.HTTP_2;
    }

    private final class Loader extends ContentLoader {
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();
        private int received;

        Loader(Handler handler, Request request, Response response, Callback callback) {
            super(handler, request, response, callback);
        }

        @Override
        protected void load() {
            if (!needed.test(getRequest())) {
                handle(new Received(getRequest(), new byte[0]), getResponse(), getCallback());
            } else if (getRequest().getLength() > MAX_DISCARDED) {
                refuse(TOO_LARGE);
            } else {
                receive();
            }
        }

        /** Reads what has arrived, and is called again when more arrives. */
        private void receive() {
            for (Content.Chunk chunk = getRequest().read();
                    chunk != null;
                    chunk = getRequest().read()) {
                if (Content.Chunk.isFailure(chunk)) {
                    LOG.debug("a body was not received", chunk.getFailure());
                    refuse(chunk.getFailure() instanceof TimeoutException ? TOO_SLOW : BROKEN);
                    return;
                }
                received += chunk.remaining();
                if (received <= MAX_BYTES) {
                    body.writeBytes(BufferUtil.toArray(chunk.getByteBuffer()));
                }
                chunk.release();
                if (received > MAX_BYTES && (chunk.isLast() || received > MAX_DISCARDED)) {
                    refuse(TOO_LARGE);
                    return;
                }
                if (chunk.isLast()) {
                    handle(new Received(getRequest(), body.toByteArray()), getResponse(), getCallback());
                    return;
                }
            }
            getRequest().demand(this::receive);
        }

        /** The unread rest would be taken for the next request, so the connection closes, and the answer says so. */
        private void refuse(Problem problem) {
            if (!getRequest().consumeAvailable()) {
                getResponse().getHeaders().put(HttpFields.CONNECTION_CLOSE);
            }
            ProblemErrorHandler.refuse(problem, getRequest(), getResponse(), getCallback());
        }
    }

    /** A request with its received body. If the body was not needed and has not arrived, the connection closes after the answer. */
    private static final class Received extends Request.Wrapper {
        private final byte[] bytes;
        private final Content.Source body;

        Received(Request request, byte[] bytes) {
            super(request);
            this.bytes = bytes;
            this.body = Content.Source.from(ByteBuffer.wrap(bytes));
        }

        @Override
        public Content.Chunk read() {
            return body.read();
        }

        @Override
        public void demand(Runnable available) {
            body.demand(available);
        }
    }
}
