package io.thezone.gateway;

import io.thezone.application.OverloadedException;
import io.thezone.application.StoreUnavailableException;
import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.StreamId;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;

/** The answer to a gateway's question, whatever protocol brings it. */
public sealed interface Verdict {
    Reason reason();

    /** Gives the names and values of the headers of the answer, except those that do not depend on the verdict. */
    void describe(HeaderNames names, BiConsumer<String, String> header);

    /**
     * The request may pass.
     *
     * @param granted the stream; empty if none was asked for
     */
    record Allowed(Reason reason, Optional<AcquireOutcome.Granted> granted) implements Verdict {
        @Override
        public void describe(HeaderNames names, BiConsumer<String, String> header) {
            header.accept(names.reason(), reason.word());
            granted.ifPresent(it -> {
                header.accept(names.stream(), it.stream().id().value());
                header.accept(names.expires(), it.stream().expiresAt().toString());
            });
        }
    }

    /** The request may not pass. */
    sealed interface Denied extends Verdict {
        /** The message for the viewer or the developer: the fault, and how to correct it where that is known. */
        String detail();
    }

    /** The question cannot be decided, because it lacks something or has something malformed. */
    record Unusable(Reason reason, String detail) implements Denied {
        @Override
        public void describe(HeaderNames names, BiConsumer<String, String> header) {
            header.accept(names.reason(), reason.word());
        }
    }

    /** The session does not hold the stream. */
    record NotGranted(Reason reason, String detail, Decisions.Decision decision, AcquireOutcome.Denied outcome)
            implements Denied {
        @Override
        public void describe(HeaderNames names, BiConsumer<String, String> header) {
            header.accept(names.reason(), reason.word());
            header.accept(names.stream(), decision.stream().value());
            decision.refusal().ifPresent(it -> header.accept(names.decision(), it.id()));
            rule().ifPresent(it -> header.accept(names.rule(), it));
            retryAt().ifPresent(then -> header.accept(RetryAfter.NAME, RetryAfter.seconds(outcome.decidedAt(), then)));
        }

        private Optional<Instant> retryAt() {
            return outcome.match(
                    refused -> refused.nextRoom().at(),
                    AcquireOutcome.Lost::startsAgainAt,
                    noPlan -> Optional.empty(),
                    keyReused -> Optional.empty(),
                    incomplete -> Optional.empty());
        }

        private Optional<String> rule() {
            return outcome.match(
                    refused -> Optional.of(refused.rule().name()),
                    lost -> Optional.empty(),
                    noPlan -> Optional.empty(),
                    keyReused -> Optional.empty(),
                    incomplete -> Optional.of(incomplete.missing().rule()));
        }
    }

    /** The service is overloaded, its store is away, or it failed. */
    record Undecided(StreamId stream, Throwable failure) implements Denied {
        /** The failure if it is a fault of this service, which belongs into the log. */
        public Optional<Throwable> fault() {
            Throwable cause =
                    failure instanceof CompletionException && failure.getCause() != null ? failure.getCause() : failure;
            return cause instanceof OverloadedException || cause instanceof StoreUnavailableException
                    ? Optional.empty()
                    : Optional.of(cause);
        }

        @Override
        public Reason reason() {
            return Reason.NO_DECISION;
        }

        @Override
        public String detail() {
            return "Nothing was decided; try again.";
        }

        @Override
        public void describe(HeaderNames names, BiConsumer<String, String> header) {
            header.accept(names.reason(), reason().word());
            header.accept(names.stream(), stream.value());
            header.accept(RetryAfter.NAME, RetryAfter.AT_ONCE);
        }
    }
}
