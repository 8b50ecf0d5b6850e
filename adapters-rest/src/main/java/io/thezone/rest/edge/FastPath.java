package io.thezone.rest.edge;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.thezone.gateway.HeaderValues;
import jakarta.ws.rs.core.MediaType;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Calls the methods of the resources itself for requests that come in the ordinary way. Jersey, which gets all others, would
 * give the same answer at a cost greater than that of the decision. Stands behind {@link EagerBody}: bodies have been received.
 */
final class FastPath extends Handler.Wrapper {
    private static final Set<String> ORDINARY_TYPES = Set.of(MediaType.WILDCARD, MediaType.APPLICATION_JSON);

    private final Routes routes;
    private final FailureAnswers failures;
    private final ObjectWriter json;

    FastPath(Routes routes, FailureAnswers failures, ObjectWriter json) {
        this.routes = routes;
        this.failures = failures;
        this.json = json;
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        Optional<Routes.Match> match = routes.match(request);
        if (match.isEmpty() || !isOrdinary(request, match.get().route().reads())) {
            return super.handle(request, response, callback);
        }
        answer(match.get(), new JettyRequest(request), response, callback);
        return true;
    }

    /** Whether the request has nothing that the route does not read, and no preferences that take some reading. */
    private static boolean isOrdinary(Request request, Route.Reads reads) {
        if (reads == Route.Reads.HEADERS) {
            return true;
        }
        for (HttpField field : request.getHeaders()) {
            HttpHeader header = field.getHeader();
            if (header == HttpHeader.EXPECT
                    || (header == HttpHeader.ACCEPT && !ORDINARY_TYPES.contains(field.getValue()))
                    || (reads != Route.Reads.BODY && announcesBody(field))) {
                return false;
            }
        }
        return reads != Route.Reads.QUERY || isPlain(request.getHttpURI().getQuery());
    }

    private static boolean announcesBody(HttpField field) {
        return field.getHeader() == HttpHeader.TRANSFER_ENCODING
                || (field.getHeader() == HttpHeader.CONTENT_LENGTH
                        && !field.getValue().equals("0"));
    }

    /** Whether there is nothing in the query to decode. */
    private static boolean isPlain(@Nullable String query) {
        return query == null || (query.indexOf('%') < 0 && query.indexOf('+') < 0);
    }

    private void answer(Routes.Match match, ReceivedRequest request, Response response, Callback callback) {
        ask(match, request)
                .exceptionally(failure -> failures.of(failure, match.path(), request.headers()))
                .thenAccept(answer -> send(answer, response, callback))
                .exceptionally(failure -> {
                    callback.failed(failure);
                    return null;
                });
    }

    private static CompletionStage<Answer> ask(Routes.Match match, ReceivedRequest request) {
        try {
            return match.route().action().answer(request, match.id());
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void send(Answer answer, Response response, Callback callback) {
        ByteBuffer body = body(answer.entity());
        HttpFields.Mutable headers = response.getHeaders();
        answer.headers().forEach(headers::add);
        headers.add(answer.cacheControl());
        response.setStatus(answer.status());
        response.write(true, body, callback);
    }

    private ByteBuffer body(@Nullable Object entity) {
        if (entity == null) {
            return BufferUtil.EMPTY_BUFFER;
        }
        try {
            return ByteBuffer.wrap(
                    entity instanceof String text ? text.getBytes(UTF_8) : json.writeValueAsBytes(entity));
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer is always writable", e);
        }
    }

    private static final class JettyRequest implements ReceivedRequest {
        private final Request request;
        private final HeaderValues headers;

        JettyRequest(Request request) {
            this.request = request;
            this.headers = request.getHeaders()::getValuesList;
        }

        @Override
        public String method() {
            return request.getMethod();
        }

        @Override
        public HeaderValues headers() {
            return headers;
        }

        @Override
        public String below() {
            return PlainPath.below(request);
        }

        @Override
        public List<String> query(String name) {
            return request.getHttpURI().getQuery() == null
                    ? List.of()
                    : Request.extractQueryParameters(request).getValuesOrEmpty(name);
        }

        @Override
        public byte[] body() {
            return EagerBody.of(request);
        }
    }
}
