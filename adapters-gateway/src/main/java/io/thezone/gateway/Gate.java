package io.thezone.gateway;

import java.util.Optional;

/**
 * Sees every request to a port before any of its body is received, whatever protocol the port has. What authenticates, counts or
 * limits requests belongs here. It runs on the server's threads and must not wait.
 */
@FunctionalInterface
public interface Gate {
    /** Lets every request pass. */
    Gate OPEN = head -> Optional.empty();

    /** @return why the request is refused; empty lets it pass */
    Optional<Refusal> refusal(RequestHead head);
}
