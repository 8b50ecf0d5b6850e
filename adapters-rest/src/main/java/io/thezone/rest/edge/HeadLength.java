package io.thezone.rest.edge;

import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MultivaluedMap;
import java.io.IOException;
import java.io.OutputStream;

/** Gives an answer to HEAD the length of the answer to GET. Jersey knows it for small answers only, and Jetty sends 0 for others. */
final class HeadLength implements ContainerResponseFilter {
    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (request.getMethod().equals(HttpMethod.HEAD) && response.hasEntity()) {
            response.setEntityStream(new Counted(response.getEntityStream(), response.getHeaders()));
        }
    }

    /** Counts and drops what is written, so that the headers are sent only when the length is known. */
    private static final class Counted extends OutputStream {
        private final OutputStream answer;
        private final MultivaluedMap<String, Object> headers;
        private long length;

        Counted(OutputStream answer, MultivaluedMap<String, Object> headers) {
            this.answer = answer;
            this.headers = headers;
        }

        @Override
        public void write(int b) {
            length++;
        }

        @Override
        public void write(byte[] bytes, int offset, int count) {
            length += count;
        }

        @Override
        public void close() throws IOException {
            headers.putSingle(HttpHeaders.CONTENT_LENGTH, length);
            answer.close();
        }
    }
}
