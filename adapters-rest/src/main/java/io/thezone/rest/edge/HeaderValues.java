package io.thezone.rest.edge;

import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;
import org.eclipse.jetty.http.HttpFields;

/** The headers of a request, whatever received it. */
@FunctionalInterface
public interface HeaderValues {
    /** The values as they were sent, in their order; empty if there are none. */
    List<String> get(String name);

    static HeaderValues of(HttpHeaders headers) {
        return name -> {
            List<String> values = headers.getRequestHeader(name);
            return values == null ? List.of() : values;
        };
    }

    static HeaderValues of(HttpFields fields) {
        return fields::getValuesList;
    }
}
