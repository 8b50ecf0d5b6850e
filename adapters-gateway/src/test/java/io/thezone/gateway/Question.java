package io.thezone.gateway;

import java.util.List;

/**
 * A question.
 *
 * @param headers as in {@code name: value}
 */
record Question(String method, String target, List<String> headers) implements AskedRequest {
    Question(String method, String target, String... headers) {
        this(method, target, List.of(headers));
    }

    @Override
    public List<String> header(String name) {
        return headers.stream()
                .filter(header -> header.startsWith(name + ": "))
                .map(header -> header.substring(name.length() + 2))
                .toList();
    }
}
