package io.thezone.persistence.engine;

/**
 * What saving was like in the last seconds.
 *
 * @param taken sessions that the store saved, or whose race it decided
 * @param failed sessions that failed for the store's reasons; data that it cannot hold are none
 */
public record SaveCounts(long taken, long failed) {
    /** Fewer may be the trouble of a few sessions, as one whose row somebody else has locked. */
    private static final int MANY = 10;

    /** Whether so many fail, and so many of all, that it is the store which takes none. */
    public boolean areFailing() {
        return failed >= MANY && failed >= taken;
    }
}
