package io.thezone.rest;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectWriter;
import io.thezone.rest.edge.Answer;
import io.thezone.rest.edge.HeaderValues;
import io.thezone.rest.edge.NoStore;
import io.thezone.rest.problem.Failures;
import jakarta.ws.rs.core.MediaType;
import java.nio.ByteBuffer;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.PreEncodedHttpField;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;

/**
 * Calls the methods of the resources itself for the two requests that come all the time, if they come in the ordinary way.
 * Jersey, which gets all others, would give the same answer at a cost greater than that of the decision.
 */
final class FastPath extends Handler.Wrapper {
    private static final Set<String> ORDINARY_TYPES = Set.of(MediaType.WILDCARD, MediaType.APPLICATION_JSON);
    private static final HttpField NO_STORE = new PreEncodedHttpField(HttpHeader.CACHE_CONTROL, NoStore.VALUE);

    private final WatchResource watch;
    private final StreamsResource streams;
    private final ObjectWriter json;
    private final Supplier<String> urlPattern;
    private String watchPath = "";
    private String streamsPath = "";

    /** @param urlPattern where Jersey is; asked when the server starts */
    FastPath(WatchResource watch, StreamsResource streams, ObjectWriter json, Supplier<String> urlPattern) {
        this.watch = watch;
        this.streams = streams;
        this.json = json;
        this.urlPattern = urlPattern;
    }

    @Override
    protected void doStart() throws Exception {
        String root = urlPattern.get().replaceFirst("\\*$", "");
        watchPath = root + WatchResource.PATH;
        streamsPath = root + StreamsResource.PATH + "/";
        super.doStart();
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
        if (isOrdinary(request)) {
            HeaderValues headers = HeaderValues.of(request.getHeaders());
            String path = Request.getPathInContext(request);
            if (HttpMethod.GET.is(request.getMethod()) && path.equals(watchPath)) {
                answer(() -> watch.watch(headers), WatchFormat.preferred(headers), response, callback);
                return true;
            }
            if (HttpMethod.POST.is(request.getMethod()) && isBeat(path)) {
                String id = path.substring(streamsPath.length(), path.length() - StreamsResource.HEARTBEAT.length());
                answer(() -> streams.beat(headers, id), WatchFormat.JSON, response, callback);
                return true;
            }
        }
        return super.handle(request, response, callback);
    }

    /** Whether it has no body and no preferences that take some reading. */
    private static boolean isOrdinary(Request request) {
        for (HttpField field : request.getHeaders()) {
            HttpHeader header = field.getHeader();
            if (header == HttpHeader.TRANSFER_ENCODING
                    || header == HttpHeader.EXPECT
                    || (header == HttpHeader.CONTENT_LENGTH && !field.getValue().equals("0"))
                    || (header == HttpHeader.ACCEPT && !ORDINARY_TYPES.contains(field.getValue()))) {
                return false;
            }
        }
        return true;
    }

    private boolean isBeat(String path) {
        return path.startsWith(streamsPath)
                && path.endsWith(StreamsResource.HEARTBEAT)
                && path.indexOf('/', streamsPath.length() + 1) == path.length() - StreamsResource.HEARTBEAT.length();
    }

    private void answer(
            Supplier<CompletionStage<Answer>> question,
            WatchFormat formatOfFailures,
            Response response,
            Callback callback) {
        asked(question)
                .exceptionally(failure -> formatOfFailures.answer(Failures.of(failure)))
                .thenAccept(answer -> send(answer, response, callback))
                .exceptionally(failure -> {
                    callback.failed(failure);
                    return null;
                });
    }

    private static CompletionStage<Answer> asked(Supplier<CompletionStage<Answer>> question) {
        try {
            return question.get();
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
    }

    private void send(Answer answer, Response response, Callback callback) {
        byte[] body = body(answer.entity());
        HttpFields.Mutable headers = response.getHeaders();
        answer.headers().forEach(headers::add);
        headers.add(NO_STORE);
        response.setStatus(answer.status());
        response.write(true, ByteBuffer.wrap(body), callback);
    }

    private byte[] body(@Nullable Object entity) {
        try {
            return entity instanceof String text ? text.getBytes(UTF_8) : json.writeValueAsBytes(entity);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("an answer is always writable", e);
        }
    }
}
