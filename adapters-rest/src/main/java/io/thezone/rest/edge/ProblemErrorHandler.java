package io.thezone.rest.edge;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.thezone.rest.problem.Problem;
import jakarta.ws.rs.core.Response.Status;
import java.nio.ByteBuffer;
import java.util.Map;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/** Answers requests that Jetty itself refuses (unreadable, headers too long) with a problem, never with HTML. */
final class ProblemErrorHandler extends ErrorHandler {
    /** The attribute of a refused request that holds the {@link Problem}, where the status alone does not say what is wrong. */
    private static final String PROBLEM = ProblemErrorHandler.class.getName() + ".problem";

    private static final ObjectWriter WRITER = JsonMapper.builder().build().writerFor(Problem.class);

    private final HttpFields unreadable;

    public ProblemErrorHandler() {
        this(HttpFields.EMPTY);
    }

    /** @param unreadable headers of answers to requests that cannot be read, whatever route they are for */
    ProblemErrorHandler(HttpFields unreadable) {
        this.unreadable = unreadable;
    }

    /** Answers with the problem in place of Jetty's own error. */
    static void refuse(Problem problem, Request request, Response response, Callback callback) {
        request.setAttribute(PROBLEM, problem);
        Response.writeError(request, response, callback, problem.status());
    }

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
        GatheredAnswers.drop(response);
        Problem problem = request.getAttribute(PROBLEM) instanceof Problem known
                ? known
                : problem(code, request.getConnectionMetaData().getHttpConfiguration());
        byte[] body = body(problem);
        HttpFields.Mutable headers = response.getHeaders();
        problem.headers().forEach(headers::put);
        headers.put(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);
        headers.put(Answer.NO_STORE);
        if (code == HttpStatus.BAD_REQUEST_400 || code == HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431) {
            headers.add(unreadable);
        }
        if (code == HttpStatus.SERVICE_UNAVAILABLE_503) {
            headers.put(HttpHeader.RETRY_AFTER, "1");
        }
        response.setStatus(code);
        // Jetty drops the body of an answer to HEAD only where it could read the whole head of the request.
        boolean head = HttpMethod.HEAD.is(request.getMethod());
        response.write(true, head ? BufferUtil.EMPTY_BUFFER : ByteBuffer.wrap(body), callback);
    }

    private static byte[] body(Problem problem) {
        try {
            return WRITER.writeValueAsBytes(problem);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a problem is always writable", e);
        }
    }

    private static Problem problem(int code, HttpConfiguration limits) {
        String reason = HttpStatus.getMessage(code);
        Status status = Status.fromStatusCode(code);
        String detail =
                switch (code) {
                    case HttpStatus.BAD_REQUEST_400 ->
                        "The request line or a header cannot be read, or the path can be read in two ways: it has an empty"
                                + " segment, or an encoded slash, percent sign or dot segment.";
                    case HttpStatus.REQUEST_HEADER_FIELDS_TOO_LARGE_431 ->
                        "The request line and the headers must fit into " + limits.getRequestHeaderSize() + " bytes.";
                    default -> "The request was refused: " + reason + ".";
                };
        return status == null
                ? new Problem(code, "about:blank", reason, detail, Map.of(), Map.of())
                : Problem.of(status, detail);
    }
}
