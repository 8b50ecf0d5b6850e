package io.thezone.rest.edge;

import io.thezone.gateway.HeaderValues;

/** Answers a request that failed with an exception. */
@FunctionalInterface
public interface FailureAnswers {
    /** @param path below Jersey's root */
    Answer of(Throwable failure, String path, HeaderValues headers);
}
