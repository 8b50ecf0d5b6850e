package io.thezone.rest;

import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;

/** The headers of a request, whatever received it. */
@FunctionalInterface
interface Headers {
    /** The values as they were sent, in their order; empty if there are none. */
    List<String> get(String name);

    static Headers of(HttpHeaders headers) {
        return name -> {
            List<String> values = headers.getRequestHeader(name);
            return values == null ? List.of() : values;
        };
    }

    static Headers of(HttpFields fields) {
        return fields::getValuesList;
    }
}
