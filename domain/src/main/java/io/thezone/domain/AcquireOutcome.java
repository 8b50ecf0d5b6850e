package io.thezone.domain;

import java.time.Instant;

/** What became of the wish to stream. Each carries the store's time at which it was decided. */
public sealed interface AcquireOutcome {
    Instant decidedAt();

    /** @param active how many streams live now, this one included */
    record Admitted(Stream stream, int active, Instant decidedAt) implements AcquireOutcome {}

    /** The stream lived already; no second slot is taken. */
    record Renewed(Stream stream, int active, Instant decidedAt) implements AcquireOutcome {}

    record Refused(ExhaustedRule rule, Instant decidedAt) implements AcquireOutcome {}
}
