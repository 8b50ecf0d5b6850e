package io.thezone.persistence.engine;

import io.thezone.persistence.spi.FailureLog;
import io.thezone.persistence.spi.SessionCache;
import java.util.function.IntSupplier;
import java.util.function.LongSupplier;

/**
 * What all writers share.
 *
 * @param nanoTime the monotonic clock
 * @param format in which sessions are written
 */
record EngineParts(
        LongSupplier nanoTime,
        IntSupplier format,
        ObservedStore store,
        SessionCache cache,
        CacheUse cacheUse,
        FailureLog cacheFailures,
        SessionFailureLog sessionFailures) {
    /** Whether there is a cache and every batch asks it. */
    boolean usesCache() {
        return cache != SessionCache.NONE && cacheUse.pays();
    }

    /** Whether there is a cache and the next batch asks it. */
    boolean nextBatchUsesCache() {
        return cache != SessionCache.NONE && cacheUse.nextBatch();
    }
}
