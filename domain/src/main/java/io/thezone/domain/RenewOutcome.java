package io.thezone.domain;

import java.time.Instant;
import java.util.Optional;

/** What became of a heartbeat. Each carries the store's time at which it was decided. */
public sealed interface RenewOutcome {
    Instant decidedAt();

    /** @param active how many streams live now, this one included */
    record Renewed(Stream stream, int active, Instant decidedAt) implements RenewOutcome {}

    /** @param end empty when the session does not know the stream */
    record Lost(StreamId id, Optional<EndedStream> end, Instant decidedAt) implements RenewOutcome {}
}
