package io.thezone.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What one session holds. Immutable; each operation answers with the {@link Step} to the next state. Which session it is, is
 * known to the store alone, so that the credential never travels with the data.
 *
 * @param streams in the order of their start; may hold some that have lapsed since the last change
 * @param ended the last streams that ended, oldest first, at most {@value #MAX_ENDED}
 * @param changedAt the store's time at the last change; no later operation happens before it
 */
public record Session(List<Stream> streams, List<EndedStream> ended, Instant changedAt) {
    public static final int MAX_ENDED = 16;

    public static final Session EMPTY = new Session(List.of(), List.of(), Instant.EPOCH);

    public Session {
        streams = List.copyOf(streams);
        ended = List.copyOf(ended);
    }

    /**
     * Renews the stream if it lives, else admits it if the quota has room or makes room: asking again never takes a second slot.
     * The streams that it replaces end with that; if it is not granted they live on.
     */
    public Step<AcquireOutcome> acquire(StreamRequest request, StreamQuota quota, Lease lease, Instant now) {
        Optional<Stream> held = find(request.id(), now);
        if (held.isPresent()) {
            return renew(held.get(), request, lease, now);
        }
        Optional<EndedStream> end = findEnd(request.id(), now);
        if (end.isPresent() && end.get().reason().isByAnother()) {
            return new Step<>(this, new AcquireOutcome.Lost(end.get(), now));
        }
        Optional<MissingAttribute> missing = quota.missing(request.attributes());
        if (missing.isPresent()) {
            return new Step<>(this, new AcquireOutcome.Incomplete(missing.get(), now));
        }
        return admit(request, quota, lease, now);
    }

    private Step<AcquireOutcome> renew(Stream held, StreamRequest request, Lease lease, Instant now) {
        Step<Stream> renewed = renew(held, lease, now);
        Session next = renewed.next();
        List<Stream> live = next.liveAt(now);
        List<Stream> replaced = take(live, stream -> request.replaces().contains(stream.id()));
        if (!replaced.isEmpty()) {
            List<EndedStream> remembered = next.endedBy(now);
            remembered.addAll(ends(replaced, EndReason.REPLACED, request, now));
            next = next(live, remembered, now);
        }
        return new Step<>(next, new AcquireOutcome.Renewed(renewed.outcome(), live.size(), now));
    }

    private Step<AcquireOutcome> admit(StreamRequest request, StreamQuota quota, Lease lease, Instant now) {
        Attributes asking = request.attributes();
        List<Stream> live = liveAt(now);
        List<Stream> replaced =
                take(live, stream -> request.replaces().contains(stream.id()) || quota.reclaims(stream, asking));
        List<Stream> evicted = List.of();
        Optional<ExhaustedRule> exhausted = quota.exhaustedBy(live, asking);
        if (exhausted.isPresent() && !quota.isReturning(asking, replaced)) {
            evicted = Eviction.from(live, quota, asking);
            if (evicted.isEmpty()) {
                return new Step<>(this, new AcquireOutcome.Refused(exhausted.get(), now));
            }
            live.removeAll(evicted);
        }
        List<EndedStream> ended = ends(replaced, EndReason.REPLACED, request, now);
        ended.addAll(ends(evicted, EndReason.EVICTED, request, now));
        Stream admitted = Stream.start(request, lease, now);
        live.add(admitted);
        List<EndedStream> remembered = endedBy(now);
        remembered.removeIf(end -> end.id().equals(admitted.id()));
        remembered.addAll(ended);
        return new Step<>(next(live, remembered, now), new AcquireOutcome.Admitted(admitted, live.size(), ended, now));
    }

    /** Renews a live stream; an early beat is told the expiry that stands and changes nothing. */
    public Step<RenewOutcome> renew(StreamId id, Lease lease, Instant now) {
        Optional<Stream> held = find(id, now);
        if (held.isEmpty()) {
            return new Step<>(this, new RenewOutcome.Lost(id, findEnd(id, now), now));
        }
        Step<Stream> renewed = renew(held.get(), lease, now);
        return new Step<>(
                renewed.next(),
                new RenewOutcome.Renewed(renewed.outcome(), liveAt(now).size(), now));
    }

    /** Ends a stream at its player's wish; ending it twice is no error. */
    public Step<ReleaseOutcome> release(StreamId id, Instant now) {
        Optional<Stream> held = find(id, now);
        if (held.isEmpty()) {
            return new Step<>(this, new ReleaseOutcome.NotHeld(id));
        }
        List<Stream> live = liveAt(now);
        live.remove(held.get());
        List<EndedStream> remembered = endedBy(now);
        remembered.add(EndedStream.of(held.get(), EndReason.RELEASED, now));
        return new Step<>(next(live, remembered, now), new ReleaseOutcome.Released(held.get()));
    }

    public Step<ActiveStreams> list(Instant now) {
        return new Step<>(this, new ActiveStreams(liveAt(now), now));
    }

    /** From when on nothing that is kept here can matter to any answer. */
    public Instant lapsesAt() {
        Instant last = changedAt;
        for (Stream stream : streams) {
            last = later(
                    last,
                    EndedStream.of(stream, EndReason.EXPIRED, stream.expiresAt())
                            .forgetAt());
        }
        for (EndedStream end : ended) {
            last = later(last, end.forgetAt());
        }
        return last;
    }

    private Step<Stream> renew(Stream stream, Lease lease, Instant now) {
        if (lease.isEarly(stream, now)) {
            return new Step<>(this, stream);
        }
        Stream renewed = stream.renew(lease, now);
        List<Stream> live = liveAt(now);
        live.set(live.indexOf(stream), renewed);
        return new Step<>(next(live, endedBy(now), now), renewed);
    }

    private Optional<Stream> find(StreamId id, Instant now) {
        for (Stream stream : streams) {
            if (stream.id().equals(id) && stream.livesAt(now)) {
                return Optional.of(stream);
            }
        }
        return Optional.empty();
    }

    private List<Stream> liveAt(Instant now) {
        List<Stream> live = new ArrayList<>(streams.size() + 1);
        for (Stream stream : streams) {
            if (stream.livesAt(now)) {
                live.add(stream);
            }
        }
        return live;
    }

    private List<EndedStream> endedBy(Instant now) {
        List<EndedStream> remembered = new ArrayList<>(ended.size() + 1);
        for (EndedStream end : ended) {
            if (now.isBefore(end.forgetAt())) {
                remembered.add(end);
            }
        }
        for (Stream stream : streams) {
            if (!stream.livesAt(now)) {
                EndedStream end = EndedStream.of(stream, EndReason.EXPIRED, stream.expiresAt());
                if (now.isBefore(end.forgetAt())) {
                    remembered.add(end);
                }
            }
        }
        return remembered;
    }

    private Optional<EndedStream> findEnd(StreamId id, Instant now) {
        if (streams.isEmpty() && ended.isEmpty()) {
            return Optional.empty();
        }
        return endedBy(now).stream().filter(end -> end.id().equals(id)).findFirst();
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

    private static List<EndedStream> ends(
            List<Stream> streams, EndReason reason, StreamRequest successor, Instant now) {
        List<EndedStream> ends = new ArrayList<>(streams.size());
        for (Stream stream : streams) {
            ends.add(EndedStream.of(stream, reason, now, Optional.of(Successor.of(successor))));
        }
        return ends;
    }

    private static Session next(List<Stream> live, List<EndedStream> remembered, Instant now) {
        remembered.sort(Comparator.comparing(EndedStream::endedAt));
        int surplus = remembered.size() - MAX_ENDED;
        return new Session(live, surplus > 0 ? remembered.subList(surplus, remembered.size()) : remembered, now);
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
