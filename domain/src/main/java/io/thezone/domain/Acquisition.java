package io.thezone.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * The decision on one request for a stream, under a plan.
 *
 * <p>Method: a request that repeats, contradicts or merely renews is answered first. Otherwise the streams that the request
 * replaces or reclaims are set aside, and the plan judges the new stream beside the rest. If a limit has no room, {@link Eviction}
 * searches for streams to end. All of this is one step: it is granted as a whole or nothing changes.
 *
 * <p>Cost: linear in streams × rules, plus the search.
 */
final class Acquisition {
    private final Session session;
    private final StreamRequest request;
    private final StreamQuota plan;
    private final Lease lease;
    private final Instant now;
    private final Optional<Stream> held;
    private final Optional<EndedStream> end;

    /** The fingerprint of the first request under the stream's idempotency key, if it has one. */
    private final Optional<Fingerprint> first;

    /** The attributes that the stream would have: those of the request or, if it has none, those of the live stream. */
    private final Attributes requested;

    Acquisition(Session session, StreamRequest asked, StreamQuota plan, Lease lease, Instant now) {
        this.session = session;
        this.plan = plan;
        this.lease = lease;
        this.now = now;
        this.held = session.find(asked.id(), now);
        this.request =
                held.map(stream -> asked.completedBy(stream.attributes())).orElse(asked);
        this.end = held.isPresent() ? Optional.empty() : session.findEnd(request.id(), now);
        this.first = held.isPresent() ? held.get().fingerprint() : end.flatMap(EndedStream::fingerprint);
        this.requested = isChanged() ? request.attributes() : held.orElseThrow().attributes();
    }

    Step<AcquireOutcome> decide() {
        if (request.contradicts(first)) {
            return unchanged(new AcquireOutcome.KeyReused(now));
        }
        if (held.isPresent() && isOnlyRenewal(held.get())) {
            return renew(held.get());
        }
        if (end.isPresent() && end.get().refusesStart(request.restart(), now)) {
            return unchanged(AcquireOutcome.Lost.of(end.get(), request, now));
        }
        Optional<MissingAttribute> missing = plan.missing(requested);
        return missing.isPresent() ? unchanged(new AcquireOutcome.Incomplete(missing.get(), now)) : judge();
    }

    /** Says whether the request changes nothing: it has no new attributes, or was sent before, whatever happened since. */
    private boolean isOnlyRenewal(Stream stream) {
        return request.repeats(first)
                || (!request.changes(stream.attributes()) && request.replaces().isEmpty());
    }

    private boolean isChanged() {
        return held.isEmpty() || request.changes(held.get().attributes());
    }

    private Step<AcquireOutcome> renew(Stream stream) {
        Step<Stream> renewed = session.renew(stream, lease, now);
        return new Step<>(
                renewed.next(),
                new AcquireOutcome.Renewed(
                        renewed.outcome(), session.liveAt(now).size(), List.of(), now));
    }

    private Step<AcquireOutcome> judge() {
        List<Stream> rest = session.liveAt(now);
        held.ifPresent(rest::remove);
        List<Stream> replaced =
                moveOut(rest, stream -> request.replaces().contains(stream.id()) || plan.reclaims(stream, requested));
        Optional<Stream> keeper = held.or(() -> replaced.stream()
                .filter(stream -> plan.reclaims(stream, requested))
                .findFirst());
        Optional<Attributes> keptPlace = keeper.map(Stream::attributes);
        Optional<ExhaustedRule> exhausted = plan.exhaustedBy(rest, requested, keptPlace);
        if (exhausted.isEmpty()) {
            return grant(ended(replaced, EndReason.REPLACED));
        }
        Eviction.Found evicted = Eviction.search(rest, plan, requested, keptPlace);
        if (evicted.streams().isEmpty()) {
            Instant keptUntil = held.isPresent()
                    ? Instant.MAX
                    : keeper.map(Stream::expiresAt).orElse(Instant.MIN);
            NextRoom nextRoom = new NextRoom(plan, requested, rest, keptPlace, keptUntil);
            return new Step<>(session, new AcquireOutcome.Refused(exhausted.get(), nextRoom, now), evicted.cost());
        }
        List<EndedStream> ended = ended(replaced, EndReason.REPLACED);
        ended.addAll(ended(evicted.streams(), EndReason.EVICTED));
        Step<AcquireOutcome> granted = grant(ended);
        return new Step<>(granted.next(), granted.outcome(), evicted.cost());
    }

    private Step<AcquireOutcome> grant(List<EndedStream> ended) {
        List<Stream> live = session.liveAt(now);
        live.removeIf(stream -> ended.stream().anyMatch(it -> it.id().equals(stream.id())));
        List<EndedStream> remembered = session.endsRememberedAt(now);
        remembered.removeIf(it -> it.id().equals(request.id()));
        remembered.addAll(ended);
        if (held.isEmpty()) {
            Stream admitted = Stream.start(request, first.or(request::fingerprint), lease, now);
            live.add(admitted);
            return new Step<>(
                    Session.of(live, remembered, now), new AcquireOutcome.Admitted(admitted, live.size(), ended, now));
        }
        Stream renewed = held.get().with(requested).renew(lease, now);
        live.set(live.indexOf(held.get()), renewed);
        return new Step<>(
                Session.of(live, remembered, now), new AcquireOutcome.Renewed(renewed, live.size(), ended, now));
    }

    /** Returns a new, mutable list of the streams' ends. */
    private List<EndedStream> ended(List<Stream> streams, EndReason reason) {
        List<EndedStream> ended = new ArrayList<>();
        for (Stream stream : streams) {
            ended.add(EndedStream.of(stream, reason, now, Optional.of(Successor.of(request))));
        }
        return ended;
    }

    private Step<AcquireOutcome> unchanged(AcquireOutcome outcome) {
        return new Step<>(session, outcome);
    }

    /** Removes the streams that match from the list and returns them. */
    private static List<Stream> moveOut(List<Stream> from, Predicate<Stream> matches) {
        List<Stream> moved = new ArrayList<>();
        for (Stream stream : from) {
            if (matches.test(stream)) {
                moved.add(stream);
            }
        }
        from.removeAll(moved);
        return moved;
    }
}
