package io.thezone.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.ws.rs.core.Response.Status;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** What Jetty refuses by itself (an unreadable request, headers too long) is a problem too, never HTML. */
public final class ProblemErrorHandler extends ErrorHandler {
    private static final ObjectWriter WRITER = JsonMapper.builder().build().writerFor(Problem.class);

    /** For every method, HEAD included, so that the headers are those of the answer. */
    @Override
    public boolean errorPageForMethod(String method) {
        return true;
    }

    @Override
    protected void generateResponse(
            Request request,
            Response response,
            int code,
            @Nullable String message,
            @Nullable Throwable cause,
            Callback callback) {
        response.setStatus(code);
        response.write(true, body(code, response.getHeaders()), callback);
    }

    @Override
    @SuppressWarnings("removal") // Jetty still asks here for what it cannot parse
    public ByteBuffer badMessageError(int status, @Nullable String reason, HttpFields.Mutable fields) {
        return body(status, fields);
    }

    private static ByteBuffer body(int code, HttpFields.Mutable fields) {
        fields.put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
        fields.put(HttpHeader.CACHE_CONTROL, NoStore.VALUE);
        if (code == HttpStatus.SERVICE_UNAVAILABLE_503) {
            fields.put(HttpHeader.RETRY_AFTER, "1");
        }
        try {
            return ByteBuffer.wrap(WRITER.writeValueAsString(problem(code)).getBytes(UTF_8));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a problem is always writable", e);
        }
    }

    private static Problem problem(int code) {
        String reason = HttpStatus.getMessage(code);
        Status status = Status.fromStatusCode(code);
        String detail = code == HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431
                ? "The request line and the headers must fit into 8 KiB."
                : "The request was refused: " + reason + ".";
        return status == null
                ? new Problem(code, "about:blank", reason, detail, java.util.Map.of(), java.util.Map.of())
                : Problem.of(status, detail);
    }
}
