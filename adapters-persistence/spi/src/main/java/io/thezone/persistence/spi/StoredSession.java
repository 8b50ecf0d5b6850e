package io.thezone.persistence.spi;

/**
 * A session as a store or cache holds it.
 *
 * @param version drawn from one sequence of the store at each save: unique, growing, never back; at least 1
 * @param format how the document is to be read
 * @param document JSON; opaque to stores
 */
public record StoredSession(long version, int format, String document) {
    /** Stands for the version of a session that the store does not hold. */
    public static final long ABSENT = 0;

    /** @throws IllegalArgumentException if a broken cache or store claims a version that would match an absent session */
    public StoredSession {
        if (version <= ABSENT) {
            throw new IllegalArgumentException("a version is at least 1, not " + version);
        }
    }
}
