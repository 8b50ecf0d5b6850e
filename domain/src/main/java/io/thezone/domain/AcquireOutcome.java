package io.thezone.domain;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/** The outcome of a request for a stream: granted or denied, with the store's time at which that was decided. */
public sealed interface AcquireOutcome {
    Instant decidedAt();

    /** Calls the function of this outcome's case. */
    <R> R match(
            Function<? super Admitted, ? extends R> admitted,
            Function<? super Renewed, ? extends R> renewed,
            Function<? super Denied, ? extends R> denied);

    /** The session holds the stream. */
    sealed interface Granted extends AcquireOutcome {
        Stream stream();

        /** How many streams live now, this one included. */
        int active();

        /** The streams that ended for this one. */
        List<EndedStream> ended();
    }

    /** The session does not hold the stream. */
    sealed interface Denied extends AcquireOutcome {
        /** Calls the function of this denial's case. */
        <R> R match(
                Function<? super Refused, ? extends R> refused,
                Function<? super Lost, ? extends R> lost,
                Function<? super NoPlan, ? extends R> noPlan,
                Function<? super KeyReused, ? extends R> keyReused,
                Function<? super Incomplete, ? extends R> incomplete);

        @Override
        default <R> R match(
                Function<? super Admitted, ? extends R> admitted,
                Function<? super Renewed, ? extends R> renewed,
                Function<? super Denied, ? extends R> denied) {
            return denied.apply(this);
        }
    }

    /** The stream is new. */
    record Admitted(Stream stream, int active, List<EndedStream> ended, Instant decidedAt) implements Granted {
        public Admitted {
            ended = List.copyOf(ended);
        }

        @Override
        public <R> R match(
                Function<? super Admitted, ? extends R> admitted,
                Function<? super Renewed, ? extends R> renewed,
                Function<? super Denied, ? extends R> denied) {
            return admitted.apply(this);
        }
    }

    /** The stream was live already; no second slot is taken. */
    record Renewed(Stream stream, int active, List<EndedStream> ended, Instant decidedAt) implements Granted {
        public Renewed {
            ended = List.copyOf(ended);
        }

        @Override
        public <R> R match(
                Function<? super Admitted, ? extends R> admitted,
                Function<? super Renewed, ? extends R> renewed,
                Function<? super Denied, ? extends R> denied) {
            return renewed.apply(this);
        }
    }

    /** The plan has no room. {@code rule} is the first rule without room. */
    record Refused(ExhaustedRule rule, NextRoom nextRoom, Instant decidedAt) implements Denied {
        @Override
        public <R> R match(
                Function<? super Refused, ? extends R> refused,
                Function<? super Lost, ? extends R> lost,
                Function<? super NoPlan, ? extends R> noPlan,
                Function<? super KeyReused, ? extends R> keyReused,
                Function<? super Incomplete, ? extends R> incomplete) {
            return refused.apply(this);
        }
    }

    /**
     * This stream has ended, or was ended before it could start; its player may ask for a new one.
     *
     * @param startsAgainAt when this one may start again; empty if it may not
     */
    record Lost(EndedStream end, Optional<Instant> startsAgainAt, Instant decidedAt) implements Denied {
        static Lost of(EndedStream end, StreamRequest request, Instant now) {
            return new Lost(end, end.startsAgainAt(request.restart()), now);
        }

        @Override
        public <R> R match(
                Function<? super Refused, ? extends R> refused,
                Function<? super Lost, ? extends R> lost,
                Function<? super NoPlan, ? extends R> noPlan,
                Function<? super KeyReused, ? extends R> keyReused,
                Function<? super Incomplete, ? extends R> incomplete) {
            return lost.apply(this);
        }
    }

    /** The session does not hold the stream, and no plan is given by which it could start. */
    record NoPlan(Instant decidedAt) implements Denied {
        @Override
        public <R> R match(
                Function<? super Refused, ? extends R> refused,
                Function<? super Lost, ? extends R> lost,
                Function<? super NoPlan, ? extends R> noPlan,
                Function<? super KeyReused, ? extends R> keyReused,
                Function<? super Incomplete, ? extends R> incomplete) {
            return noPlan.apply(this);
        }
    }

    /** The idempotency key was first used for another request; nothing was changed. */
    record KeyReused(Instant decidedAt) implements Denied {
        @Override
        public <R> R match(
                Function<? super Refused, ? extends R> refused,
                Function<? super Lost, ? extends R> lost,
                Function<? super NoPlan, ? extends R> noPlan,
                Function<? super KeyReused, ? extends R> keyReused,
                Function<? super Incomplete, ? extends R> incomplete) {
            return keyReused.apply(this);
        }
    }

    /** The plan cannot judge the stream, because the stream lacks an attribute that a rule requires. */
    record Incomplete(MissingAttribute missing, Instant decidedAt) implements Denied {
        @Override
        public <R> R match(
                Function<? super Refused, ? extends R> refused,
                Function<? super Lost, ? extends R> lost,
                Function<? super NoPlan, ? extends R> noPlan,
                Function<? super KeyReused, ? extends R> keyReused,
                Function<? super Incomplete, ? extends R> incomplete) {
            return incomplete.apply(this);
        }
    }
}
