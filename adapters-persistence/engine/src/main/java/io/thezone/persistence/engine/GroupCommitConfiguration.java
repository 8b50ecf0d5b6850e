package io.thezone.persistence.engine;

import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/**
 * The {@code groupCommit} section of the configuration.
 *
 * @param writers how many batches may be saved at once; each writer uses one connection
 * @param queueCapacity how many updates may wait per writer before more are rejected
 * @param maxBatch how many updates a batch takes from the queue
 * @param recentSessions how many sessions the writers together remember, to save reads. 416 bytes of heap are allocated for each
 *     at start. A session with more than one stream takes more room, and each save takes room anew, so that fewer may be
 *     remembered
 */
public record GroupCommitConfiguration(
        @Min(1) @Max(64) int writers,
        @Min(1) @Max(1_000_000) int queueCapacity,
        @Min(1) @Max(10_000) int maxBatch,
        @Min(0) @Max(5_000_000) int recentSessions) {}
