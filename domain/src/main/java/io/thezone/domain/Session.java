package io.thezone.domain;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * What one session holds. Immutable; each operation answers with the {@link Step} to the next state. Which session it is, is
 * known to the store alone, so that the credential never travels with the data.
 *
 * @param streams in the order of their start; may hold some that have lapsed since the last change
 * @param ended the last streams that ended, oldest first, at most {@value #MAX_ENDED} by themselves and
 *     {@value #MAX_ENDED_BY_ANOTHER} for another
 * @param changedAt the store's time at the last change; no later operation happens before it
 */
public record Session(List<Stream> streams, List<EndedStream> ended, Instant changedAt) {
    /** Of those that ended by themselves. */
    public static final int MAX_ENDED = 16;

    /** Of those that another player ended, whose own must be told. */
    public static final int MAX_ENDED_BY_ANOTHER = StreamQuota.MAX_LIMIT;

    public static final Session EMPTY = new Session(List.of(), List.of(), Instant.EPOCH);

    public Session {
        streams = List.copyOf(streams);
        ended = List.copyOf(ended);
    }

    /**
     * Renews the stream if it lives, else admits it if the quota has room or makes room: asking again never takes a second slot.
     * A live stream whose attributes change is judged as if it took its own place. The streams that are replaced end with
     * that; if it is not granted, all is as it was.
     */
    public Step<AcquireOutcome> acquire(StreamRequest request, StreamQuota quota, Lease lease, Instant now) {
        Optional<Stream> held = find(request.id(), now);
        if (held.isPresent()
                && !request.changes(held.get())
                && request.replaces().isEmpty()) {
            Step<Stream> renewed = renew(held.get(), lease, now);
            return new Step<>(
                    renewed.next(),
                    new AcquireOutcome.Renewed(renewed.outcome(), liveAt(now).size(), List.of(), now));
        }
        Optional<EndedStream> end = findEnd(request.id(), now);
        if (end.isPresent() && end.get().reason().isByAnother()) {
            return new Step<>(this, new AcquireOutcome.Lost(end.get(), now));
        }
        return judge(request, held, quota, lease, now);
    }

    private Step<AcquireOutcome> judge(
            StreamRequest request, Optional<Stream> held, StreamQuota quota, Lease lease, Instant now) {
        Attributes asking =
                held.isPresent() && !request.changes(held.get()) ? held.get().attributes() : request.attributes();
        Optional<MissingAttribute> missing = quota.missing(asking);
        if (missing.isPresent()) {
            return new Step<>(this, new AcquireOutcome.Incomplete(missing.get(), now));
        }
        List<Stream> rest = liveAt(now);
        held.ifPresent(rest::remove);
        List<Stream> replaced =
                take(rest, stream -> request.replaces().contains(stream.id()) || quota.reclaims(stream, asking));
        Optional<Attributes> place = held.or(() -> replaced.stream()
                        .filter(stream -> quota.reclaims(stream, asking))
                        .findFirst())
                .map(Stream::attributes);
        Optional<ExhaustedRule> exhausted = quota.exhaustedBy(rest, asking, place);
        List<Stream> evicted = exhausted.isPresent() ? Eviction.from(rest, quota, asking, place) : List.of();
        if (exhausted.isPresent() && evicted.isEmpty()) {
            return new Step<>(this, new AcquireOutcome.Refused(exhausted.get(), now));
        }
        List<EndedStream> ended = ends(replaced, EndReason.REPLACED, request, now);
        ended.addAll(ends(evicted, EndReason.EVICTED, request, now));
        return grant(request, held, ended, asking, lease, now);
    }

    private Step<AcquireOutcome> grant(
            StreamRequest request,
            Optional<Stream> held,
            List<EndedStream> ended,
            Attributes asking,
            Lease lease,
            Instant now) {
        List<Stream> live = liveAt(now);
        live.removeIf(stream -> ended.stream().anyMatch(end -> end.id().equals(stream.id())));
        List<EndedStream> remembered = endedBy(now);
        remembered.removeIf(end -> end.id().equals(request.id()));
        remembered.addAll(ended);
        Stream granted;
        if (held.isPresent()) {
            granted = held.get().with(asking).renew(lease, now);
            live.set(live.indexOf(held.get()), granted);
        } else {
            granted = Stream.start(request, lease, now);
            live.add(granted);
        }
        return new Step<>(
                next(live, remembered, now),
                held.isPresent()
                        ? new AcquireOutcome.Renewed(granted, live.size(), ended, now)
                        : new AcquireOutcome.Admitted(granted, live.size(), ended, now));
    }

    /** What becomes of the wish to stream of a session without a plan: it may go on with what it holds. */
    public Step<AcquireOutcome> goOn(StreamId id, Lease lease, Instant now) {
        Step<RenewOutcome> step = renew(id, lease, now);
        if (step.outcome() instanceof RenewOutcome.Renewed renewed) {
            return new Step<>(
                    step.next(), new AcquireOutcome.Renewed(renewed.stream(), renewed.active(), List.of(), now));
        }
        AcquireOutcome lost = findEnd(id, now)
                .filter(end -> end.reason().isByAnother())
                .<AcquireOutcome>map(end -> new AcquireOutcome.Lost(end, now))
                .orElse(new AcquireOutcome.NoPlan(now));
        return new Step<>(this, lost);
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
        forgetOldest(remembered, end -> !end.reason().isByAnother(), MAX_ENDED);
        forgetOldest(remembered, end -> end.reason().isByAnother(), MAX_ENDED_BY_ANOTHER);
        return new Session(live, remembered, now);
    }

    private static void forgetOldest(List<EndedStream> ends, Predicate<EndedStream> which, int most) {
        long surplus = ends.stream().filter(which).count() - most;
        for (Iterator<EndedStream> end = ends.iterator(); surplus > 0 && end.hasNext(); ) {
            if (which.test(end.next())) {
                end.remove();
                surplus--;
            }
        }
    }

    private static Instant later(Instant a, Instant b) {
        return a.isAfter(b) ? a : b;
    }
}
