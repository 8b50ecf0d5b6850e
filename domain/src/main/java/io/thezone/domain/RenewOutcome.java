package io.thezone.domain;

import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;

/** The outcome of a heartbeat, with the store's time at which it was decided. */
public sealed interface RenewOutcome {
    Instant decidedAt();

    /** Calls the function of this outcome's case. */
    <R> R match(Function<? super Renewed, ? extends R> renewed, Function<? super Lost, ? extends R> lost);

    /**
     * The stream lives.
     *
     * @param active how many streams live now, this one included
     */
    record Renewed(Stream stream, int active, Instant decidedAt) implements RenewOutcome {
        @Override
        public <R> R match(Function<? super Renewed, ? extends R> renewed, Function<? super Lost, ? extends R> lost) {
            return renewed.apply(this);
        }
    }

    /**
     * The session does not hold the stream.
     *
     * @param end empty when the session does not know the stream
     */
    record Lost(StreamId id, Optional<EndedStream> end, Instant decidedAt) implements RenewOutcome {
        @Override
        public <R> R match(Function<? super Renewed, ? extends R> renewed, Function<? super Lost, ? extends R> lost) {
            return lost.apply(this);
        }
    }
}
