package io.thezone.persistence.engine;

import java.time.Duration;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides whether batches ask the cache. Thread-safe; all writers share one.
 *
 * <p><b>Method.</b> Three exponentially weighted averages: the time to ask the cache for a session, the time to load one from the
 * store, and the share of the sessions asked for that the cache spared a load. While asking takes longer than what it spares, only
 * one batch in {@value #TRIAL_INTERVAL} asks the cache, as a trial.
 *
 * <p><b>Reason.</b> A copy spares a load only if the decision on it changes the session. Early heartbeats and refusals change
 * nothing, a cache may have no copies at all, and a near store may answer as fast as the cache.
 *
 * <p><b>Source.</b> The weight is that of the smoothed round-trip time in RFC 6298. Figures: docs/decisions/0011-a-cache-while-it-pays.md.
 *
 * <p><b>Cost.</b> A few additions for each batch. After a change in the store's speed it takes some batches to decide anew.
 */
final class CacheUse {
    /** The time between two log lines at least, for a cache that is worth just about its cost. */
    static final Duration LOG_PAUSE = Duration.ofMinutes(1);

    private static final Logger LOG = LoggerFactory.getLogger(CacheUse.class);

    private static final int TRIAL_INTERVAL = 17;

    /** The cache is asked that many times before it is judged. */
    private static final int TRIALS = 50;

    /** The weight of the last measurement in an average. */
    private static final double WEIGHT = 0.125;

    private final LongSupplier nanoTime;

    /** The share of the sessions asked for whose load the cache spared, misses included. */
    private double spared = 1;

    /** Nanoseconds per session. */
    private double asking;

    /** Nanoseconds per session. */
    private double loading;

    private int trials;
    private int skipped;
    private boolean loggedAsUsed = true;
    private long loggedAt;

    /** @param nanoTime the monotonic clock */
    CacheUse(LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.loggedAt = nanoTime.getAsLong() - LOG_PAUSE.toNanos();
    }

    /** Whether the cache is asked by every batch, not just for trial. */
    synchronized boolean pays() {
        return trials < TRIALS || spared * loading >= asking;
    }

    /** Whether the next batch asks the cache. Called once for each batch. */
    synchronized boolean nextBatch() {
        log();
        if (pays() || skipped == TRIAL_INTERVAL - 1) {
            skipped = 0;
            return true;
        }
        skipped++;
        return false;
    }

    /**
     * Counts a question to the cache.
     *
     * @param sessions how many were asked for
     * @param nanos how long the cache took
     * @param sparedLoads of how many the cache had a copy on which the decision changed the session
     */
    synchronized void asked(int sessions, long nanos, int sparedLoads) {
        trials = Math.min(trials + 1, TRIALS);
        asking = average(asking, (double) nanos / sessions);
        spared = average(spared, (double) sparedLoads / sessions);
    }

    /**
     * Counts a load from the store.
     *
     * @param sessions how many were asked for
     * @param nanos how long the store took
     */
    synchronized void loaded(int sessions, long nanos) {
        loading = average(loading, (double) nanos / sessions);
    }

    private void log() {
        boolean used = pays();
        long now = nanoTime.getAsLong();
        if (used != loggedAsUsed && now - loggedAt >= LOG_PAUSE.toNanos()) {
            loggedAsUsed = used;
            loggedAt = now;
            LOG.info(
                    "the cache is {}: asking it takes {} µs for each session and spares {} % of the loads, which take {} µs",
                    used ? "used by every batch" : "used by one batch in " + TRIAL_INTERVAL + " only",
                    Math.round(asking / 1_000),
                    Math.round(100 * spared),
                    Math.round(loading / 1_000));
        }
    }

    private static double average(double before, double last) {
        return before + WEIGHT * (last - before);
    }
}
