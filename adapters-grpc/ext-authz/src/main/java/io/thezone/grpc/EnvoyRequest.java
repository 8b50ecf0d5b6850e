package io.thezone.grpc;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.envoyproxy.envoy.config.core.v3.HeaderValue;
import io.envoyproxy.envoy.service.auth.v3.AttributeContext.HttpRequest;
import io.thezone.gateway.AskedRequest;
import java.util.List;
import java.util.Locale;

/** A viewer's request as Envoy describes it: the method and the URI are the viewer's own. */
record EnvoyRequest(HttpRequest request) implements AskedRequest {
    @Override
    public String method() {
        return request.getMethod();
    }

    @Override
    public String target() {
        return request.getPath();
    }

    /** Envoy joins values of the same name with a comma, or sends them one by one if {@code encode_raw_headers} is set. */
    @Override
    public List<String> header(String name) {
        if (request.hasHeaderMap()) {
            return request.getHeaderMap().getHeadersList().stream()
                    .filter(header -> header.getKey().equalsIgnoreCase(name))
                    .map(EnvoyRequest::text)
                    .toList();
        }
        String value = request.getHeadersMap().get(name.toLowerCase(Locale.ROOT));
        return value == null ? List.of() : List.of(value);
    }

    private static String text(HeaderValue header) {
        return header.getRawValue().isEmpty()
                ? header.getValue()
                : header.getRawValue().toString(ISO_8859_1);
    }
}
