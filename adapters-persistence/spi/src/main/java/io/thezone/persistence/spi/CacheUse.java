package io.thezone.persistence.spi;

/**
 * Whether the cache is worth asking. A copy of it spares a load only if the decision on it changes the session; while most
 * do not, as those on early heartbeats and on sessions that are full, the cache is asked now and then, to see whether that is
 * still so. For the writer's thread only.
 */
final class CacheUse {
    private static final double WORTH_IT = 0.5;

    /** Of the last answer in the average. */
    private static final double WEIGHT = 0.125;

    private static final int NOW_AND_THEN = 16;

    /** Of the sessions that it was asked for, those whose load was spared. */
    private double spared = 1;

    private int passedOver;

    boolean isWorthwhile() {
        if (spared >= WORTH_IT || passedOver == NOW_AND_THEN) {
            passedOver = 0;
            return true;
        }
        passedOver++;
        return false;
    }

    void wasAsked(int sessions, int loadsSpared) {
        spared += WEIGHT * ((double) loadsSpared / sessions - spared);
    }
}
