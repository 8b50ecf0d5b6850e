package io.thezone.rest.edge;

import io.thezone.rest.problem.Problem;
import java.util.Set;

/**
 * Which web pages may ask.
 *
 * @param paths below Jersey's root, which browsers ask themselves; all others never look at an origin
 * @param origins whose pages may ask there, besides those of the same origin
 * @param requestHeaders that these pages may send
 * @param exposedHeaders that their scripts may read
 * @param refusal the answer to all other pages
 */
public record PageRules(
        Set<String> paths,
        Set<String> origins,
        Set<String> requestHeaders,
        Set<String> exposedHeaders,
        Problem refusal) {}
