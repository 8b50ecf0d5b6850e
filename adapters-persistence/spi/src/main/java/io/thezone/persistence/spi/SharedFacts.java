package io.thezone.persistence.spi;

import java.util.Optional;

/**
 * Named values shared by all nodes that use a store. Used at start, by commands and every second, never while a request waits.
 * Implementations are thread-safe; changes are durable on return.
 */
public interface SharedFacts {
    Optional<String> find(String name);

    /**
     * Stores a value under a name that has none yet. If nodes propose at the same time, one of them wins.
     *
     * @return the stored value, proposed by this or by another node
     */
    String agree(String name, String proposed);

    /** Replaces a value, by an operator's decision. */
    void replace(String name, String value);
}
