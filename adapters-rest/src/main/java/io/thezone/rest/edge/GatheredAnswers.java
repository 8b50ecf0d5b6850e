package io.thezone.rest.edge;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Gathers what Jersey or a servlet writes, and sends it as a whole once it is complete, without a thread that waits for the
 * client. Written straight to the connection, an answer would hold its thread until a slow client has taken it; and Jersey does
 * not end a request whose answer fails half-way, so that the connection of a client that has gone would stay open for ever.
 *
 * <p>Jetty's {@code BufferedResponseHandler} does not help: there the thread that writes the last piece waits.
 */
final class GatheredAnswers extends Handler.Wrapper {
    /** Drops what has been gathered, because an error takes its place. */
    static void drop(Response response) {
        Gathered gathered = Response.as(response, Gathered.class);
        if (gathered != null) {
            gathered.body.reset();
        }
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Gathered gathered = new Gathered(request, response, callback);
        return super.handle(request, gathered, gathered);
    }

    /** Is not committed before it is sent, so that a failure until then can still be answered. */
    private static final class Gathered extends Response.Wrapper implements Callback {
        private final Callback callback;
        private final Body body = new Body();

        Gathered(Request request, Response response, Callback callback) {
            super(request, response);
            this.callback = callback;
        }

        @Override
        public void write(boolean last, @Nullable ByteBuffer content, Callback written) {
            if (content != null) {
                body.append(content);
            }
            written.succeeded();
        }

        @Override
        public void reset() {
            super.reset();
            body.reset();
        }

        @Override
        public void succeeded() {
            getWrapped().write(true, body.toBuffer(), callback);
        }

        @Override
        public void failed(Throwable failure) {
            callback.failed(failure);
        }

        @Override
        public InvocationType getInvocationType() {
            return callback.getInvocationType();
        }
    }

    /** Hands out its contents without a copy, which would stay in memory for as long as a client is slow. */
    private static final class Body extends ByteArrayOutputStream {
        void append(ByteBuffer content) {
            if (content.hasArray()) {
                write(content.array(), content.arrayOffset() + content.position(), content.remaining());
            } else {
                writeBytes(BufferUtil.toArray(content));
            }
            BufferUtil.clear(content);
        }

        ByteBuffer toBuffer() {
            return ByteBuffer.wrap(buf, 0, count);
        }
    }
}
