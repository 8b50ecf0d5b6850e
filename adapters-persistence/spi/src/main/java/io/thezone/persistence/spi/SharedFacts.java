package io.thezone.persistence.spi;

import java.util.Optional;

/**
 * A few values, by name, that all nodes which use a store share, and that outlive them. Used at start, by commands and every
 * few seconds, never while a request waits. Called by several threads at once; durable on return.
 */
public interface SharedFacts {
    Optional<String> find(String name);

    /**
     * Keeps a value under a name that has none yet. Of nodes that propose at the same time one wins.
     *
     * @return the value that is kept
     */
    String agree(String name, String proposed);

    /** Keeps a value in the place of any other: an operator's decision. */
    void replace(String name, String value);
}
