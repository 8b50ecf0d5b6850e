package io.thezone.gateway;

/** The head of a request in plain values, whatever server received it. */
public interface RequestHead {
    String method();

    /** The path, normalized and without the query. */
    String path();

    HeaderValues headers();

    /** The IP address at the other end of the connection: behind a gateway, the gateway's. */
    String peer();
}
