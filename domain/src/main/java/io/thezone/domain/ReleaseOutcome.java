package io.thezone.domain;

/** What became of the wish to end a stream; either way it no longer lives. */
public sealed interface ReleaseOutcome {
    record Released(Stream stream) implements ReleaseOutcome {}

    record NotHeld(StreamId id) implements ReleaseOutcome {}
}
