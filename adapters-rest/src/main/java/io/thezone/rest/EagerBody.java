package io.thezone.rest;

import jakarta.ws.rs.core.Response.Status;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeoutException;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.EagerContentHandler.ContentLoader;
import org.eclipse.jetty.server.handler.EagerContentHandler.ContentLoaderFactory;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Receives a body before its request takes a thread, so that who sends slowly keeps nobody else waiting. Jetty's own loader
 * waits past every timeout, and leaves a body that is broken or too large to whoever reads it.
 */
final class EagerBody implements ContentLoaderFactory {
    static final int MAX_BYTES = 16 * 1024;

    /** The attribute of a request that has no usable body: the {@link Problem}. */
    static final String PROBLEM = EagerBody.class.getName() + ".problem";

    private static final Problem TOO_LARGE =
            Problem.of(Status.REQUEST_ENTITY_TOO_LARGE, "the body must have at most " + MAX_BYTES + " bytes");
    private static final Problem TOO_SLOW =
            Problem.of(Status.REQUEST_TIMEOUT, "the rest of the body did not arrive in time");
    private static final Problem BROKEN = Problem.badRequest("the body was cut short, or its chunks cannot be read");

    private static final Logger LOG = LoggerFactory.getLogger(EagerBody.class);

    /** @return null, which is all types */
    @Override
    public @Nullable String getApplicableMimeType() {
        return null;
    }

    @Override
    public ContentLoader newContentLoader(
            String contentType,
            String mimeType,
            Handler handler,
            Request request,
            Response response,
            Callback callback) {
        return new Loader(handler, request, response, callback);
    }

    private static final class Loader extends ContentLoader {
        private final ByteArrayOutputStream body = new ByteArrayOutputStream();

        Loader(Handler handler, Request request, Response response, Callback callback) {
            super(handler, request, response, callback);
        }

        @Override
        protected void load() {
            if (getRequest().getLength() > MAX_BYTES) {
                refuse(TOO_LARGE);
            } else {
                receive();
            }
        }

        /** Takes what has arrived; the rest calls again. */
        private void receive() {
            for (Content.Chunk chunk = getRequest().read();
                    chunk != null;
                    chunk = getRequest().read()) {
                if (Content.Chunk.isFailure(chunk)) {
                    LOG.debug("a body was not received", chunk.getFailure());
                    refuse(chunk.getFailure() instanceof TimeoutException ? TOO_SLOW : BROKEN);
                    return;
                }
                body.writeBytes(BufferUtil.toArray(chunk.getByteBuffer()));
                chunk.release();
                if (body.size() > MAX_BYTES) {
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

        private void refuse(Problem problem) {
            getRequest().setAttribute(PROBLEM, problem);
            handle();
        }
    }

    /** A request whose body is there. */
    private static final class Received extends Request.Wrapper {
        private final Content.Source body;

        Received(Request request, byte[] body) {
            super(request);
            this.body = Content.Source.from(ByteBuffer.wrap(body));
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
