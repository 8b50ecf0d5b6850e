package io.thezone.rest.edge;

import io.thezone.rest.problem.Problem;
import java.util.Optional;

/**
 * Sees every request to a port before any of its body is received, also those that do not reach Jersey. What authenticates,
 * counts or limits requests belongs here. It runs on the web server's threads and must not wait.
 */
@FunctionalInterface
public interface Gate {
    /** Lets every request pass. */
    Gate OPEN = head -> Optional.empty();

    /** @return why the request is refused; empty lets it pass */
    Optional<Problem> refusal(RequestHead head);
}
