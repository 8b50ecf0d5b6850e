package io.thezone.rest.edge;

import io.thezone.gateway.HeaderValues;
import jakarta.ws.rs.core.HttpHeaders;
import java.util.List;

/** A request as a resource reads it, whether it came through Jersey or past it. Reading it never waits for the client. */
public interface ReceivedRequest {
    String method();

    HeaderValues headers();

    /**
     * Path and query below the route, exactly as they were sent, on a route that is open downwards; empty text if there is nothing
     * below it.
     */
    String below();

    /** The decoded values of a query parameter, in their order; empty if there are none. */
    List<String> query(String name);

    /** The whole body; empty if there is none. */
    byte[] body();

    /** Jersey has null where there are no values. */
    static HeaderValues headersOf(HttpHeaders headers) {
        return name -> {
            List<String> values = headers.getRequestHeader(name);
            return values == null ? List.of() : values;
        };
    }
}
