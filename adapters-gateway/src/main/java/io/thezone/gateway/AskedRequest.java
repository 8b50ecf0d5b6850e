package io.thezone.gateway;

import java.util.List;

/** A gateway's question about a request of a viewer, whatever protocol brought it. */
public interface AskedRequest {
    /** The method of the question itself, in upper case. */
    String method();

    /** What the protocol itself says of the viewer's path and query; empty if it says nothing. */
    String target();

    /** The values as they were sent, in their order; empty if there are none. */
    List<String> header(String name);
}
