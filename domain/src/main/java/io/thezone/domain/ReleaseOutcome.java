package io.thezone.domain;

import java.util.function.Function;

/** The outcome of a request to end a stream. In both cases the stream no longer lives. */
public sealed interface ReleaseOutcome {
    /** Calls the function of this outcome's case. */
    <R> R match(Function<? super Released, ? extends R> released, Function<? super NotHeld, ? extends R> notHeld);

    /** The stream was live and was ended by this request. */
    record Released(Stream stream) implements ReleaseOutcome {
        @Override
        public <R> R match(
                Function<? super Released, ? extends R> released, Function<? super NotHeld, ? extends R> notHeld) {
            return released.apply(this);
        }
    }

    /** The session did not hold the stream. */
    record NotHeld(StreamId id) implements ReleaseOutcome {
        @Override
        public <R> R match(
                Function<? super Released, ? extends R> released, Function<? super NotHeld, ? extends R> notHeld) {
            return notHeld.apply(this);
        }
    }
}
