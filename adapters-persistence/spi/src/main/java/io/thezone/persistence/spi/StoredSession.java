package io.thezone.persistence.spi;

/**
 * A session as a store or cache holds it. Two hold the same state only if all three parts are equal.
 *
 * @param version drawn at each save from one sequence of the store: unique and growing as long as the store loses no acknowledged
 *     save
 * @param format the format of the document
 * @param document JSON; opaque to stores
 */
public record StoredSession(long version, int format, String document) {}
