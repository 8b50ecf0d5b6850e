package io.thezone.gateway;

import io.thezone.domain.AcquireOutcome;
import io.thezone.domain.SessionId;
import io.thezone.domain.StreamQuota;
import io.thezone.domain.StreamRequest;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** Answers the question that a gateway asks before it passes a viewer's request on. */
public final class Authorizer {
    private final Identification identification;
    private final PlanHeaders plans;
    private final Decisions decisions;

    public Authorizer(Identification identification, PlanHeaders plans, Decisions decisions) {
        this.identification = identification;
        this.plans = plans;
        this.decisions = decisions;
    }

    public CompletionStage<Verdict> authorize(AskedRequest asked) {
        try {
            return decided(asked);
        } catch (DeniedException e) {
            return CompletableFuture.completedFuture(new Verdict.Unusable(e.reason(), e.detail()));
        }
    }

    private CompletionStage<Verdict> decided(AskedRequest asked) {
        SessionId session = identification.session(asked);
        if (identification.isUncounted(asked)) {
            return CompletableFuture.completedFuture(new Verdict.Allowed(Reason.NOT_COUNTED, Optional.empty()));
        }
        Optional<StreamQuota> quota = quota(asked);
        StreamRequest stream = identification.stream(asked, session);
        return decisions
                .acquire(session, stream, quota)
                .handle((decision, failure) ->
                        failure == null ? verdict(decision) : new Verdict.Undecided(stream.id(), failure));
    }

    private Optional<StreamQuota> quota(AskedRequest asked) {
        try {
            return plans.quota(asked::header);
        } catch (IllegalArgumentException e) {
            throw new DeniedException(Reason.UNUSABLE_VALUE, String.valueOf(e.getMessage()));
        }
    }

    private Verdict verdict(Decisions.Decision decision) {
        return decision.outcome()
                .match(
                        admitted -> new Verdict.Allowed(Reason.ADMITTED, Optional.of(admitted)),
                        renewed -> new Verdict.Allowed(Reason.RENEWED, Optional.of(renewed)),
                        denied -> notGranted(denied, decision));
    }

    private Verdict notGranted(AcquireOutcome.Denied outcome, Decisions.Decision decision) {
        return outcome.match(
                refused -> new Verdict.NotGranted(
                        Reason.FULL, "All streams that the plan allows are in use.", decision, outcome),
                lost -> new Verdict.NotGranted(
                        Reason.ENDED, "The stream has ended; ask for a new one.", decision, outcome),
                noPlan -> new Verdict.NotGranted(Reason.UNKNOWN_PLAN, plans.unknownPlan(), decision, outcome),
                keyReused -> {
                    throw new IllegalStateException("no idempotency key was sent");
                },
                incomplete -> new Verdict.NotGranted(
                        Reason.MISSING_ATTRIBUTE,
                        "the plan's rule " + incomplete.missing().rule() + " needs "
                                + incomplete.missing().attribute(),
                        decision,
                        outcome));
    }
}
