package io.thezone.gateway;

import io.thezone.application.AcquireStream;
import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.SessionId;
import io.thezone.domain.StreamId;
import io.thezone.domain.StreamQuota;
import io.thezone.domain.StreamRequest;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Asks for streams, and records each refusal as soon as it is decided. */
public final class Decisions {
    private final AcquireStream acquireStream;
    private final RefusalLog refusals;

    public Decisions(AcquireStream acquireStream, RefusalLog refusals) {
        this.acquireStream = acquireStream;
        this.refusals = refusals;
    }

    /**
     * An outcome and what it was decided on.
     *
     * @param quota the plan that counted; empty if the request named one that is not known
     * @param refusal what was recorded; present if the outcome is {@link AcquireOutcome.Refused}
     */
    public record Decision(
            AcquireOutcome outcome, StreamId stream, Optional<StreamQuota> quota, Optional<RefusalLog.Entry> refusal) {}

    /** @see AcquireStream#acquire */
    public CompletionStage<Decision> acquire(SessionId session, StreamRequest request, Optional<StreamQuota> quota) {
        return acquireStream
                .acquire(session, request, quota)
                .thenApply(outcome -> new Decision(outcome, request.id(), quota, recorded(outcome, quota)));
    }

    private Optional<RefusalLog.Entry> recorded(AcquireOutcome outcome, Optional<StreamQuota> quota) {
        return outcome instanceof AcquireOutcome.Refused refused
                ? quota.map(plan -> refusals.add(plan, refused))
                : Optional.empty();
    }
}
