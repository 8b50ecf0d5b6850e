package io.thezone.persistence.engine;

/**
 * Whether the cache is worth its time. A copy of it spares a load only if the decision on it changes the session, which those
 * on early heartbeats and on full sessions do not; and a store that is near may tell as quickly. While the cache takes longer
 * than it spares it is used now and then only, to see whether that is still so. For the writer's thread only.
 */
final class CacheUse {
    private static final int NOW_AND_THEN = 16;

    /** Times that it is asked before it is judged. */
    private static final int FIRST = 50;

    /** Of the last measurement in an average. */
    private static final double WEIGHT = 0.125;

    /** Of the sessions that the cache had, those that the decision changed. */
    private double changed = 1;

    /** In nanoseconds for each session. */
    private double asking;

    private double loading;

    private int asked;
    private int passedOver;

    /** Once for each batch. */
    boolean isWorthwhile() {
        if (asked < FIRST || changed * loading >= asking || passedOver == NOW_AND_THEN) {
            passedOver = 0;
            return true;
        }
        passedOver++;
        return false;
    }

    void asked(int sessions, long nanos, int held, int changes) {
        asked = Math.min(asked + 1, FIRST);
        asking = average(asking, (double) nanos / sessions);
        if (held > 0) {
            changed = average(changed, (double) changes / held);
        }
    }

    void loaded(int sessions, long nanos) {
        loading = average(loading, (double) nanos / sessions);
    }

    private static double average(double before, double last) {
        return before + WEIGHT * (last - before);
    }
}
