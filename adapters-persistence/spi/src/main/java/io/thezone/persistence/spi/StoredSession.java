package io.thezone.persistence.spi;

/**
 * A session as a store or cache holds it. Two are the same state only if all three parts are equal.
 *
 * @param version drawn from one sequence of the store at each save: unique and growing, as long as the store loses nothing that
 *     it acknowledged
 * @param format how the document is to be read
 * @param document JSON; opaque to stores
 */
public record StoredSession(long version, int format, String document) {}
