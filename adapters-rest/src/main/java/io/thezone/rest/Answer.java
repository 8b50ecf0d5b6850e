package io.thezone.rest;

import jakarta.ws.rs.core.Response;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.jspecify.annotations.Nullable;

/** What is answered, whatever sends it. */
final class Answer {
    static final HttpField TEXT = new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, "text/plain");
    static final HttpField JSON = new PreEncodedHttpField(HttpHeader.CONTENT_TYPE, "application/json");

    private final int status;
    private final @Nullable Object entity;
    private final List<HttpField> headers = new ArrayList<>();

    private Answer(int status, @Nullable Object entity) {
        this.status = status;
        this.entity = entity;
    }

    static Answer empty(Response.Status status) {
        return new Answer(status.getStatusCode(), null);
    }

    /** @param entity a text, or what is written as JSON */
    static Answer of(int status, HttpField contentType, Object entity) {
        return new Answer(status, entity).with(contentType);
    }

    Answer with(String name, String value) {
        return with(new HttpField(name, value));
    }

    Answer with(HttpField header) {
        headers.add(header);
        return this;
    }

    int status() {
        return status;
    }

    @Nullable
    Object entity() {
        return entity;
    }

    List<HttpField> headers() {
        return headers;
    }

    Response toResponse() {
        Response.ResponseBuilder response = Response.status(status).entity(entity);
        headers.forEach(header -> response.header(header.getName(), header.getValue()));
        return response.build();
    }
}
