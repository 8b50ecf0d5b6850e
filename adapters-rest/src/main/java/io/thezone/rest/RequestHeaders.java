package io.thezone.rest;

import io.thezone.domain.SessionId;
import io.thezone.domain.StreamId;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;

/** Reads ids from headers; what is wrong with one is said by its name, never by its value. */
final class RequestHeaders {
    private final HeaderNames names;

    RequestHeaders(HeaderNames names) {
        this.names = names;
    }

    HeaderNames names() {
        return names;
    }

    SessionId session(HttpHeaders headers) {
        return read(headers, names.session(), SessionId::new)
                .orElseThrow(() -> new ProblemException(Problem.badRequest(names.session() + " required")));
    }

    /** The stream that the request is about, a new one if it names none. */
    StreamId streamOrNew(HttpHeaders headers) {
        return read(headers, names.stream(), StreamId::new)
                .orElseGet(() -> new StreamId(UUID.randomUUID().toString()));
    }

    /** The stream that a path names. */
    static StreamId stream(String segment) {
        try {
            return new StreamId(segment);
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.badRequest("the stream id in the path " + e.getMessage()));
        }
    }

    private static <T> Optional<T> read(HttpHeaders headers, String name, Function<String, T> parse) {
        List<String> values = headers.getRequestHeader(name);
        if (values == null || values.isEmpty()) {
            return Optional.empty();
        }
        if (values.size() > 1) {
            throw new ProblemException(
                    Problem.badRequest(name + " must be sent once, not " + values.size() + " times"));
        }
        try {
            return Optional.of(parse.apply(values.get(0)));
        } catch (IllegalArgumentException e) {
            throw new ProblemException(Problem.badRequest(name + " " + e.getMessage()));
        }
    }
}
