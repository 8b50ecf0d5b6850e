package io.thezone.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/** One session's wish to stream, decided by a plan. */
final class Acquisition {
    private final Session session;
    private final StreamRequest request;
    private final StreamQuota quota;
    private final Lease lease;
    private final Instant now;
    private final Optional<Stream> held;
    private final Optional<EndedStream> end;

    /** Of what was first asked for under the key of the stream, if it has one. */
    private final Optional<Fingerprint> first;

    /** What the stream would carry: what the request tells, or, if that is nothing, what the live stream carries already. */
    private final Attributes asking;

    Acquisition(Session session, StreamRequest request, StreamQuota quota, Lease lease, Instant now) {
        this.session = session;
        this.request = request;
        this.quota = quota;
        this.lease = lease;
        this.now = now;
        this.held = session.find(request.id(), now);
        this.end = held.isPresent() ? Optional.empty() : session.findEnd(request.id(), now);
        this.first = held.isPresent() ? held.get().fingerprint() : end.flatMap(EndedStream::fingerprint);
        this.asking = isChanged() ? request.attributes() : held.orElseThrow().attributes();
    }

    Step<AcquireOutcome> decide() {
        if (request.contradicts(first)) {
            return unchanged(new AcquireOutcome.KeyReused(now));
        }
        if (held.isPresent() && isOnlyRenewal(held.get())) {
            return renew(held.get());
        }
        if (end.isPresent() && end.get().refusesStart()) {
            return unchanged(new AcquireOutcome.Lost(end.get(), now));
        }
        Optional<MissingAttribute> missing = quota.missing(asking);
        return missing.isPresent() ? unchanged(new AcquireOutcome.Incomplete(missing.get(), now)) : judge();
    }

    /** Also a request that was sent again, whatever has become of the stream since. */
    private boolean isOnlyRenewal(Stream stream) {
        return request.repeats(first)
                || (!request.changes(stream) && request.replaces().isEmpty());
    }

    private boolean isChanged() {
        return held.isEmpty() || request.changes(held.get());
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
                take(rest, stream -> request.replaces().contains(stream.id()) || quota.reclaims(stream, asking));
        Optional<Stream> placed = held.or(() -> replaced.stream()
                .filter(stream -> quota.reclaims(stream, asking))
                .findFirst());
        Optional<Attributes> place = placed.map(Stream::attributes);
        Optional<ExhaustedRule> exhausted = quota.exhaustedBy(rest, asking, place);
        if (exhausted.isEmpty()) {
            return grant(ended(replaced, EndReason.REPLACED));
        }
        Eviction.Found evicted = Eviction.from(rest, quota, asking, place);
        if (evicted.streams().isEmpty()) {
            Instant placeUntil = held.isPresent()
                    ? Instant.MAX
                    : placed.map(Stream::expiresAt).orElse(Instant.MIN);
            NextRoom nextRoom = new NextRoom(quota, asking, rest, exhausted.get(), place, placeUntil);
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
        List<EndedStream> remembered = session.endedBy(now);
        remembered.removeIf(it -> it.id().equals(request.id()));
        remembered.addAll(ended);
        if (held.isEmpty()) {
            Stream admitted = Stream.start(request, first.or(request::fingerprint), lease, now);
            live.add(admitted);
            return new Step<>(
                    Session.next(live, remembered, now),
                    new AcquireOutcome.Admitted(admitted, live.size(), ended, now));
        }
        Stream renewed = held.get().with(asking).renew(lease, now);
        live.set(live.indexOf(held.get()), renewed);
        return new Step<>(
                Session.next(live, remembered, now), new AcquireOutcome.Renewed(renewed, live.size(), ended, now));
    }

    /** A list of one's own. */
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

    /** Moves those streams out of the list. */
    private static List<Stream> take(List<Stream> from, Predicate<Stream> which) {
        List<Stream> taken = new ArrayList<>();
        for (Stream stream : from) {
            if (which.test(stream)) {
                taken.add(stream);
            }
        }
        from.removeAll(taken);
        return taken;
    }
}
