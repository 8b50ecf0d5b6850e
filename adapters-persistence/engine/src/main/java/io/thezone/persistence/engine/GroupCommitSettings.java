package io.thezone.persistence.engine;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/**
 * @param writers how many batches may be on their way to the store at once; each uses one connection
 * @param queueCapacity how many updates may wait per writer before more are turned away
 * @param maxBatch how many updates one batch takes
 * @param recentSessions how many sessions the writers together remember, so as not to read again what they have just
 *     written: 416 bytes of heap are reserved for each, at start; a session
 *     with more than one stream takes more of that, and each save takes it anew, so that there may be fewer
 */
public record GroupCommitSettings(
        @Min(1) @Max(64) int writers,
        @Min(1) @Max(1_000_000) int queueCapacity,
        @Min(1) @Max(10_000) int maxBatch,
        @Min(0) @Max(5_000_000) int recentSessions) {}
