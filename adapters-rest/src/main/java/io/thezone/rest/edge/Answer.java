package io.thezone.rest.edge;

import io.thezone.rest.problem.Problem;
import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.jspecify.annotations.Nullable;

/** An answer as resources give it; {@link FastPath} and {@link AnswerFilter} write it. */
public final class Answer {
    public static final HttpField TEXT = new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, "text/plain");
    public static final HttpField JSON = new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, "application/json");
    public static final HttpField PROBLEM = new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, Problem.MEDIA_TYPE);

    /** Stands in every answer that does not say how long it may be cached: the next one to the same request may differ. */
    public static final HttpField NO_STORE = new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, "no-store");

    private final int status;
    private final @Nullable Object entity;
    private final List<HttpField> headers = new ArrayList<>();
    private HttpField cacheControl = NO_STORE;

    private Answer(int status, @Nullable Object entity) {
        this.status = status;
        this.entity = entity;
    }

    /** An answer without a body. */
    public static Answer empty(Response.Status status) {
        return new Answer(status.getStatusCode(), null);
    }

    /** @param entity a text, or an object that is written as JSON */
    public static Answer of(int status, HttpField contentType, Object entity) {
        return new Answer(status, entity).with(contentType);
    }

    public Answer with(String name, String value) {
        return with(new HttpField(name, value));
    }

    public Answer with(HttpField header) {
        headers.add(header);
        return this;
    }

    /** Allows the answer to be cached as the header says. */
    public Answer cached(HttpField header) {
        cacheControl = header;
        return this;
    }

    HttpField cacheControl() {
        return cacheControl;
    }

    public int status() {
        return status;
    }

    public @Nullable Object entity() {
        return entity;
    }

    public List<HttpField> headers() {
        return headers;
    }
}
