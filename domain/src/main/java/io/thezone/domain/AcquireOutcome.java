package io.thezone.domain;

import java.time.Instant;
import java.util.List;

/** What became of the wish to stream. Each carries the store's time at which it was decided. */
public sealed interface AcquireOutcome {
    Instant decidedAt();

    /**
     * @param active how many streams live now, this one included
     * @param ended the streams that ended for it
     */
    record Admitted(Stream stream, int active, List<EndedStream> ended, Instant decidedAt) implements AcquireOutcome {
        public Admitted {
            ended = List.copyOf(ended);
        }
    }

    /**
     * The stream lived already; no second slot is taken.
     *
     * @param active how many streams live now, this one included
     * @param ended the streams that ended for it
     */
    record Renewed(Stream stream, int active, List<EndedStream> ended, Instant decidedAt) implements AcquireOutcome {
        public Renewed {
            ended = List.copyOf(ended);
        }
    }

    /** @param rule the first that has no room */
    record Refused(ExhaustedRule rule, NextRoom nextRoom, Instant decidedAt) implements AcquireOutcome {}

    /** This very stream was ended by somebody else, or before it could start; its player may ask for another one. */
    record Lost(EndedStream end, Instant decidedAt) implements AcquireOutcome {}

    /** The session holds no such stream, and there is no plan by which it could have one. */
    record NoPlan(Instant decidedAt) implements AcquireOutcome {}

    /** The idempotency key was first used to ask for something else; nothing was changed. */
    record KeyReused(Instant decidedAt) implements AcquireOutcome {}

    /** The plan cannot judge the stream, because it lacks what a rule demands. */
    record Incomplete(MissingAttribute missing, Instant decidedAt) implements AcquireOutcome {}
}
