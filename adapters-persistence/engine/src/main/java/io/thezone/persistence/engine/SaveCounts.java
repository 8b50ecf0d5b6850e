package io.thezone.persistence.engine;

/**
 * The saves of the last seconds.
 *
 * @param taken sessions that the store saved, or that lost a race to another save
 * @param failed sessions that the store failed to save; rejected data does not count
 */
public record SaveCounts(long taken, long failed) {
    /** Fewer failures may concern single sessions, such as one whose row is locked. */
    private static final int MANY = 10;

    /** Whether at least {@value #MANY} sessions and half of all failed: the store takes no saves. */
    public boolean areFailing() {
        return failed >= MANY && failed >= taken;
    }
}
